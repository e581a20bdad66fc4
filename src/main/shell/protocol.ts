import type { Protocol } from 'electron'
import { appHost, appScheme } from './page-address.ts'
import { readPageFile } from './page-files.ts'

/**
 * What our page may do: run and load what we ship, and nothing else. Inline styles are refused too; a component that sets
 * `element.style` from script needs no exception.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  // Isolated from every other page, which is also what gives the page precise timers.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
}

/** Makes `app:` a scheme like https: with origins, CSP and fetch. Must run before the application is ready. */
export function registerAppScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the built page from `directory` as `app://guardhouse/`. */
export function setupProtocol(protocol: Pick<Protocol, 'handle' | 'unhandle'>, directory: string): Disposable {
  protocol.handle(appScheme, (request) => answerPageRequest(request, directory))
  return { [Symbol.dispose]: () => protocol.unhandle(appScheme) }
}

/** The answer to one request of the page: a file of `directory` with the headers above, or 404, or 405. */
export async function answerPageRequest(
  request: Pick<Request, 'url' | 'method'>,
  directory: string,
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405)
  const url = URL.parse(request.url)
  if (url === null || url.host !== appHost) return refusal(404)
  const file = await readPageFile(directory, url.pathname)
  if (file === null) return refusal(404)
  const body = request.method === 'HEAD' ? null : file.bytes
  return new Response(body, { headers: { ...headers, 'Content-Type': file.mediaType } })
}

function refusal(status: 404 | 405): Response {
  return new Response(null, { status, headers })
}
