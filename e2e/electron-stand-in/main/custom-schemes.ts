import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

export type SchemeHandler = (request: Request) => Response | Promise<Response>

/**
 * The schemes of `protocol.handle`. Chromium cannot be taught a scheme from outside, so `app://host/path` is served over
 * HTTP on loopback as `http://host.app.localhost/path`: an origin of its own, a secure context, with every header of the
 * answer in force. The main process only ever sees the `app:` form.
 */
class CustomSchemes {
  readonly #handlers = new Map<string, SchemeHandler>()

  handle(scheme: string, handler: SchemeHandler): void {
    if (this.#handlers.has(scheme)) throw new Error('Failed to register protocol: already handled')
    this.#handlers.set(scheme, handler)
  }

  unhandle(scheme: string): void {
    if (!this.#handlers.delete(scheme)) throw new Error('Failed to remove protocol: not handled')
  }

  isHandled(scheme: string): boolean {
    return this.#handlers.has(scheme)
  }

  /** The address under which Chromium knows `url`. Anything but a handled scheme stays as it is. */
  toChromium(url: string): string {
    const [, scheme = '', host = '', rest = ''] = /^([a-z][a-z\d+-]*):\/\/([^/?#]+)(.*)$/is.exec(url) ?? []
    if (!this.#handlers.has(scheme.toLowerCase())) return url
    return new URL(rest, `http://${host}.${scheme.toLowerCase()}.localhost/`).href
  }

  /** The other way round. */
  fromChromium(url: string): string {
    const [, host = '', scheme = '', rest = ''] = /^http:\/\/([^/]+)\.([a-z\d+-]+)\.localhost(\/.*)$/s.exec(url) ?? []
    return this.#handlers.has(scheme) ? `${scheme}://${host}${rest}` : url
  }

  /** Serves from now on; resolves with the switch that sends Chromium here for every such address. */
  async listen(): Promise<string> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        console.error(`Electron stand-in: no answer to ${request.headers.host}${request.url}:`, error)
        response.destroy()
      })
    })
    server.unref()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return `--host-resolver-rules=MAP *.localhost:80 127.0.0.1:${port}`
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = this.fromChromium(`http://${request.headers.host}${request.url}`)
    const handler = this.#handlers.get(url.slice(0, url.indexOf(':')))
    if (handler === undefined) throw new Error('no handler for this address')
    const answer = await handler(toRequest(url, request))
    if (answer.type === 'error') throw new Error('the handler answered with an error')
    response.writeHead(answer.status, answer.statusText, toRawHeaders(answer.headers))
    if (answer.body === null) response.end()
    else await pipeline(Readable.fromWeb(answer.body as ReadableStream), response)
  }
}

export const customSchemes = new CustomSchemes()

/** A URL's origin; unlike the standard's, which knows none for schemes that are not its own. */
export function originOf(url: string): string {
  const parsed = URL.parse(url)
  if (parsed === null) return 'null'
  return parsed.origin === 'null' && parsed.host !== '' ? `${parsed.protocol}//${parsed.host}` : parsed.origin
}

function toRequest(url: string, message: IncomingMessage): Request {
  const { method = 'GET', headers } = message
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    (Array.isArray(value) ? value : [value ?? '']).map((each) => [name, each]),
  )
  const body = hasBody ? (Readable.toWeb(message) as unknown as BodyInit) : null
  return new Request(url, { method, headers: pairs, body, ...(hasBody ? { duplex: 'half' } : {}) } as RequestInit)
}

function toRawHeaders(headers: Headers): string[] {
  // Between two runs the application may have been built anew.
  const cached = headers.has('cache-control') ? [] : ['cache-control', 'no-store']
  return [...[...headers].flat(), ...cached]
}
