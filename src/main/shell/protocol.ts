import type { Protocol } from 'electron'
import { securityHeaders } from '../server/security-headers.ts'
import { openStaticFile } from '../server/static-files.ts'
import { appHost, appScheme } from './page-address.ts'

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

/** The answer to one request of the page: a file of `directory` with the same headers as over HTTP, or 404, or 405. */
export async function answerPageRequest(
  request: Pick<Request, 'url' | 'method'>,
  directory: string,
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405)
  const url = URL.parse(request.url)
  if (url === null || url.host !== appHost) return refusal(404)
  const file = await openStaticFile(directory, url.pathname)
  if (file === null) return refusal(404)
  await using handle = file.handle
  const body = request.method === 'HEAD' ? null : await handle.readFile()
  return new Response(body, {
    headers: { ...securityHeaders, 'content-type': file.contentType, 'cache-control': file.cacheControl },
  })
}

function refusal(status: 404 | 405): Response {
  return new Response(null, { status, headers: securityHeaders })
}
