import { type FileHandle, open, realpath } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

/** A file of the built window, open for reading. The caller closes it. */
export interface StaticFile {
  readonly handle: FileHandle
  readonly bytes: number
  readonly contentType: string
  readonly cacheControl: string
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

/** Opens what `urlPath` (percent-encoded, as it came) names inside `directory`; null for everything else. */
export async function openStaticFile(directory: string, urlPath: string): Promise<StaticFile | null> {
  const path = await containedPath(directory, urlPath)
  const contentType = path === null ? undefined : contentTypes[extname(path)]
  if (path === null || contentType === undefined) return null
  const handle = await open(path, 'r')
  try {
    const facts = await handle.stat()
    if (facts.isFile()) return { handle, bytes: facts.size, contentType, cacheControl: cacheControl(directory, path) }
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return null
}

/** The real path of an existing file below `directory`, links resolved; null when there is none or it lies outside. */
async function containedPath(directory: string, urlPath: string): Promise<string | null> {
  const decoded = decode(urlPath)
  // A NUL makes file calls throw, and a backslash is a separator on one system and a letter on another.
  if (decoded === null || /[\0\\]/.test(decoded)) return null
  const root = await existing(directory)
  const path = await existing(join(directory, decoded === '/' ? 'index.html' : decoded))
  if (root === null || path === null) return null
  const below = relative(root, path)
  return below === '' || below === '..' || below.startsWith(`..${sep}`) || join(root, below) !== path ? null : path
}

function decode(urlPath: string): string | null {
  try {
    return decodeURIComponent(urlPath)
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}

async function existing(path: string): Promise<string | null> {
  try {
    return await realpath(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && missingCodes.has(String(error.code))) return null
    throw error
  }
}

const missingCodes: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EACCES'])

/** The bundler puts a hash of the content into every name below assets/, so those may be kept for ever. */
function cacheControl(directory: string, path: string): string {
  if (extname(path) === '.html') return 'no-store'
  return relative(directory, path).startsWith(`assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache'
}
