import type { IncomingHttpHeaders } from 'node:http'

/**
 * Why a request must be refused, or null when it may pass.
 *
 * Host: a page that rebinds its own name to 127.0.0.1 reaches us with that name in Host, so only our own names pass.
 * Origin: a browser sends it with every WebSocket and it cannot be forged by a page; a program that is no browser sends none.
 */
export function refuseOrigin(headers: IncomingHttpHeaders, port: number): string | null {
  const ownHosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  // Browsers and curl leave the port out when it is the scheme's own.
  if (port === 80) ownHosts.push('127.0.0.1', 'localhost')
  if (headers.host === undefined || !ownHosts.includes(headers.host.toLowerCase())) {
    return 'the Host header does not name this server'
  }
  const ownOrigins = ownHosts.map((host) => `http://${host}`)
  if (headers.origin !== undefined && !ownOrigins.includes(headers.origin.toLowerCase())) {
    return 'the request comes from another origin'
  }
  return null
}
