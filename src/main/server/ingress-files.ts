import { readFile, realpath, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

export interface IngressFile {
  readonly contentType: string
  readonly bytes: Uint8Array
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
}

/** A file below a folder, for a path as it came; a folder stands for its index.html. `outside`: the path leads out of it. */
export async function readIngressFile(folder: string, urlPath: string): Promise<IngressFile | 'outside' | null> {
  const decoded = decode(urlPath)
  if (decoded === null || /[\0\\]/.test(decoded)) return null
  if (leadsOut(relative(folder, join(folder, decoded)))) return 'outside'
  try {
    // Links are followed only as far as they stay inside.
    const root = await realpath(folder)
    const asked = await realpath(join(root, decoded))
    const path = (await stat(asked)).isDirectory() ? await realpath(join(asked, 'index.html')) : asked
    if (leadsOut(relative(root, path))) return 'outside'
    return { contentType: contentTypes[extname(path)] ?? 'application/octet-stream', bytes: await readFile(path) }
  } catch {
    return null
  }
}

function leadsOut(way: string): boolean {
  return way === '..' || way.startsWith(`..${sep}`)
}

function decode(urlPath: string): string | null {
  try {
    return decodeURIComponent(urlPath)
  } catch {
    return null
  }
}
