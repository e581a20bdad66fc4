import { readFile } from 'node:fs/promises'
import path from 'node:path'

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly mediaType: string
}

/**
 * The file that a URL path names inside `directory`, or null when it names nothing there. A path never leads out of the
 * directory, however it is written; a file whose media type we do not know is not served.
 */
export async function readPageFile(directory: string, urlPath: string): Promise<PageFile | null> {
  const file = locate(directory, urlPath)
  const mediaType = file === null ? undefined : mediaTypes[path.extname(file)]
  if (file === null || mediaType === undefined) return null
  try {
    return { bytes: new Uint8Array(await readFile(file)), mediaType }
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

function locate(directory: string, urlPath: string): string | null {
  const decoded = decode(urlPath === '/' ? '/index.html' : urlPath)
  // A backslash separates folders on Windows and a colon names a drive or a stream there; no file of ours has either.
  if (decoded === null || /[\0\\:]/.test(decoded)) return null
  const file = path.join(directory, decoded)
  const inside = path.relative(directory, file)
  return inside === '' || inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside) ? null : file
}

function decode(urlPath: string): string | null {
  try {
    return decodeURIComponent(urlPath)
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR' || code === 'ENAMETOOLONG'
}
