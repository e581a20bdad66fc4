import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain',
}

/** Electron's `net`: Node's fetch, and files, which a scheme's handler likes to answer with. */
export const net = {
  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.protocol !== 'file:') return fetch(input, init)
    const file = fileURLToPath(url)
    const type = contentTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream'
    return new Response(await readFile(file), { headers: { 'content-type': type } })
  },

  isOnline(): boolean {
    return true
  },
}
