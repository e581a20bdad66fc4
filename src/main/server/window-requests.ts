import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { securityHeaders } from './security-headers.ts'
import { openStaticFile } from './static-files.ts'

export interface WindowSite {
  /** Directory of the built window. */
  readonly directory: string
  /** What `GET /healthz` answers; nothing secret. */
  health(): Readonly<Record<string, string | number>>
  /** Where `GET /open/<ticket>` leads; null for a ticket that is not valid or was used. */
  redeem(ticket: string): string | null
}

const openPath = /^\/open\/([\w-]+)$/

/** Answers one plain HTTP request: the window's files, the health check, tickets. Host and Origin are already checked. */
export async function answerWindowRequest(
  request: IncomingMessage,
  response: ServerResponse,
  site: WindowSite,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    answerText(response, 405, 'Only GET and HEAD are answered here.', { allow: 'GET, HEAD' })
    return
  }
  const path = pathOf(request)
  if (path === '/healthz') {
    answer(response, 200, 'application/json; charset=utf-8', JSON.stringify(site.health()))
    return
  }
  const ticket = openPath.exec(path)?.[1]
  if (ticket !== undefined) {
    const target = request.method === 'GET' ? site.redeem(ticket) : null
    if (target !== null) answerText(response, 303, 'The window is at another address.', { location: target })
    else answerText(response, 410, 'This address opened the window once and is used up.')
    return
  }
  const file = await openStaticFile(site.directory, path)
  if (file === null) {
    const missing = path === '/' ? 'The window is not built: run "npm run build".' : 'There is no such file.'
    answerText(response, path === '/' ? 503 : 404, missing)
    return
  }
  response.writeHead(200, {
    ...securityHeaders,
    'content-type': file.contentType,
    'content-length': file.bytes,
    'cache-control': file.cacheControl,
  })
  if (request.method === 'HEAD') {
    await file.handle.close()
    response.end()
    return
  }
  // The stream closes the handle. The end keeps a file that grows meanwhile from overrunning its announced length.
  await pipeline(file.handle.createReadStream({ end: Math.max(0, file.bytes - 1) }), response)
}

/** One sentence as plain text, with the same strict headers as everything else. */
export function answerText(
  response: ServerResponse,
  status: number,
  sentence: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  answer(response, status, 'text/plain; charset=utf-8', `${sentence}\n`, headers)
}

function answer(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...securityHeaders,
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(body)
}

/** The path as it came, without the query. `new URL` would fold `..` away and with it the proof that we refuse it. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/'
}
