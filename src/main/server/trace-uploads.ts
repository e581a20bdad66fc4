import type { IncomingMessage, ServerResponse } from 'node:http'
import { StringDecoder } from 'node:string_decoder'
import { ContractClient } from '../../shared/contract/client.ts'
import type { ProcedureOutput } from '../../shared/contract/index.ts'
import { PortTransport } from '../control/port-transport.ts'
import { publicError } from '../control/rpc-message.ts'
import type { AttemptLimiter } from './attempt-limiter.ts'
import type { PeerConnector } from './rpc-endpoint.ts'
import { isSameSecret } from './secret.ts'
import { securityHeaders } from './security-headers.ts'
import { answerText } from './window-requests.ts'

export const uploadPath = '/import'

export interface UploadSettings {
  readonly control: PeerConnector
  readonly secret: string
  readonly readOnly: boolean
  readonly limiter: AttemptLimiter
}

/** Characters of one piece; fewer than the contract allows, and few enough that the next one is read meanwhile. */
const pieceLength = 1024 * 1024
type Taken = ProcedureOutput<'workflows.import'>

/**
 * `POST /import?name=…` with a trace file as its body and the secret as `Authorization: Bearer`: a browser sends a file from
 * the disk many times faster than a page can put it into messages. Each request has a connection of its own to the control
 * thread, so that whatever was taken in is given up when the request breaks off. Answers `{run}`, or an error as data.
 */
export async function answerUpload(
  request: IncomingMessage,
  response: ServerResponse,
  settings: UploadSettings,
): Promise<void> {
  if (request.method !== 'POST') return answerText(response, 405, 'Only POST is answered here.', { allow: 'POST' })
  const given = /^bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (!isSameSecret(given, settings.secret)) {
    if (settings.limiter.fail()) return answerText(response, 429, 'Too many wrong secrets; try again in some seconds.')
    return answerText(response, 401, 'Send the secret as "Authorization: Bearer …".')
  }
  const name = new URL(request.url ?? '/', 'http://host').searchParams.get('name') ?? 'trace'
  const peer = { kind: 'window', name: 'browser', readOnly: settings.readOnly } as const
  const client = new ContractClient(new PortTransport(settings.control.connect(peer)))
  try {
    const { run } = await takeIn(request, name, client)
    answerJson(response, 200, { run })
  } catch (error) {
    // Nobody is there any more to whom it could be said.
    if (!response.destroyed) answerJson(response, 400, { error: publicError(error) })
    request.resume()
  } finally {
    client.close()
  }
}

/** Hands a body on a piece at a time, in order; while one is taken in, the next one comes. */
async function takeIn(request: IncomingMessage, name: string, client: ContractClient): Promise<Taken> {
  const decoder = new StringDecoder('utf8')
  let upload: string | null = null
  let before: Promise<Taken> | null = null
  let text = ''
  // A request that is refused in the middle must stay open for its answer.
  for await (const bytes of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    text += decoder.write(bytes)
    if (text.length < pieceLength) continue
    await before
    before = client.call('workflows.import', { upload, name, text, last: false })
    // Whoever waits for it hears of a failure; that nobody waits yet is no fault.
    before.catch(() => undefined)
    text = ''
    // The first answer tells the name under which the others go.
    if (upload === null) ({ upload } = await before)
  }
  await before
  return await client.call('workflows.import', { upload, name, text: text + decoder.end(), last: true })
}

function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(value))
}
