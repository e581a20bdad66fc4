import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { printCompact } from '../engine/json/print.ts'
import { object } from '../engine/json/value.ts'
import { listenOnLoopback } from './http-listener.ts'
import { readIngressFile } from './ingress-files.ts'
import { type IngressRunOptions, IngressRuns } from './ingress-run.ts'
import { loopbackAddress } from './loopback-address.ts'
import { refuseOrigin } from './request-origin.ts'

export interface IngressOptions extends IngressRunOptions {
  /** 0: any free port. */
  readonly port: number
  /** Label: folder whose files are served below it. */
  readonly folders: ReadonlyMap<string, string>
  /** Answer 422 instead of 200 where a workflow ended with another status than SUCCESS or ALREADY_EXISTS. */
  readonly failureStatus: boolean
}

export interface RunningIngress extends AsyncDisposable {
  readonly url: string
}

const mostBodyBytes = 1 << 20
const headersTimeoutMs = 10_000

/**
 * The HTTP gateway to workflows: `POST /api/run`, and files of labelled folders. On loopback only, and only for programs and
 * pages of this very address: a page from elsewhere is refused. Throws `conflict` when the port is taken.
 */
export async function startIngress(options: IngressOptions): Promise<RunningIngress> {
  const runs = new IngressRuns(options)
  let port = 0
  const http = createServer({ headersTimeout: headersTimeoutMs, requestTimeout: 60_000 }, (request, response) => {
    const refusal = refuseOrigin(request.headers, port)
    const answered =
      refusal === null ? answer(request, response, runs, options) : sendText(response, 403, `Refused: ${refusal}`)
    void Promise.resolve(answered).catch(() => response.destroy())
  })
  port = await listenOnLoopback(http, options.port)
  return {
    url: `http://${loopbackAddress}:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => http.close(resolve))
      http.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  runs: IngressRuns,
  options: IngressOptions,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  switch (request.method) {
    case 'GET':
      return await answerFile(path, response, options.folders)
    case 'POST':
      if (path !== '/api/run') return sendText(response, 404, 'Not found')
      return await answerRun(request, response, runs, options)
    case 'OPTIONS':
      response.writeHead(204, {
        ...cors,
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers': 'content-type',
      })
      response.end()
      return
    default:
      return sendText(response, 501, `${request.method ?? 'This method'} is not supported`)
  }
}

async function answerRun(
  request: IncomingMessage,
  response: ServerResponse,
  runs: IngressRuns,
  { failureStatus }: IngressOptions,
): Promise<void> {
  const text = await readBody(request)
  if (text === null)
    return sendJson(
      response,
      413,
      printCompact(object({ error: `Request body is larger than ${mostBodyBytes} bytes` })),
    )
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const { code, body, status } = await runs.answer(text, gone.signal)
  const failed = status !== null && status !== 'SUCCESS' && status !== 'ALREADY_EXISTS'
  sendJson(response, failed && failureStatus ? 422 : code, printCompact(body))
}

/** Null: there is more than is taken. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    // What comes behind is read and dropped, so that the answer can be read.
    if (length <= mostBodyBytes) chunks.push(bytes)
  }
  return length > mostBodyBytes ? null : Buffer.concat(chunks).toString('utf8')
}

async function answerFile(path: string, response: ServerResponse, folders: IngressOptions['folders']): Promise<void> {
  if (path === '/') return send(response, 200, 'text/html; charset=utf-8', landingPage([...folders.keys()]))
  const [label = '', ...rest] = path.slice(1).split('/')
  const folder = folders.get(label)
  const file = folder === undefined ? null : await readIngressFile(folder, rest.join('/'))
  if (file === null) return sendText(response, 404, 'Not found')
  if (file === 'outside') return sendText(response, 403, 'Forbidden')
  send(response, 200, file.contentType, file.bytes)
}

function landingPage(labels: readonly string[]): string {
  const links = labels
    .toSorted()
    .map((label) => `<li><a href="/${encodeURIComponent(label)}/">${escaped(label)}</a></li>`)
  return `<!doctype html><title>Workflows</title><ul>${links.join('')}</ul>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

const cors = { 'access-control-allow-origin': '*' }

function sendJson(response: ServerResponse, status: number, body: string): void {
  send(response, status, 'application/json; charset=utf-8', body)
}

function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, 'text/plain', text)
}

function send(response: ServerResponse, status: number, contentType: string, body: string | Uint8Array): void {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  response.writeHead(status, {
    ...cors,
    'content-type': contentType,
    'content-length': length,
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}
