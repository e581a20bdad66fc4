import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { readdir, rm, rmdir, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** Behind every entry: what a crash or a full disk cut short lacks it. */
const endMark = '\n//# whole'

const dayMs = 24 * 3600 * 1000
/** Entries that nobody needed for so long are removed. */
const keptForMs = 30 * dayMs

/**
 * Code of workspaces as JavaScript: one file for each source, named by its path and content. Starting the compiler costs a
 * thread more than loading a module does, and each module is loaded in a thread that reads it and in every worker that
 * runs it. So it is compiled once (compile-modules.ts), and all of them find it here.
 */
export class CodeCache {
  readonly #folder: string

  /** `folder` belongs to one version of what compiles. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** The code, or null when there is none. */
  read(path: string, contentHash: string): string | null {
    try {
      const text = readFileSync(this.#place(path, contentHash), 'utf8')
      return text.endsWith(endMark) ? text.slice(0, -endMark.length) : null
    } catch {
      // Whatever the reason is: whoever asks can compile by itself.
      return null
    }
  }

  /** Throws what the file system does. */
  write(path: string, contentHash: string, code: string): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const place = this.#place(path, contentHash)
    const beside = `${place}.${randomUUID()}`
    writeFileSync(beside, code + endMark, { mode: 0o600 })
    renameSync(beside, place)
  }

  /** Whether there is an entry, which then counts as needed now. */
  async need(path: string, contentHash: string, now = Date.now()): Promise<boolean> {
    const place = this.#place(path, contentHash)
    try {
      const { mtimeMs } = await stat(place)
      if (now - mtimeMs > dayMs) await utimes(place, now / 1000, now / 1000)
      return true
    } catch {
      return false
    }
  }

  /** The path is part of the name, because the way back to the source stands in compiled code. */
  #place(path: string, contentHash: string): string {
    return join(this.#folder, `${hashOf(`${path}\0${contentHash}`)}.js`)
  }
}

/** Hexadecimal SHA-256, as folder-snapshot.ts knows the content of files. */
export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Removes what was not needed for a month from the caches of all versions below `root`. Never rejects. */
export async function pruneCodeCaches(root: string, now = Date.now()): Promise<void> {
  for (const version of await namesIn(root)) {
    const folder = join(root, version)
    for (const name of await namesIn(folder)) await removeOld(join(folder, name), now)
    // Only an empty one can be removed.
    await rmdir(folder).catch(() => null)
  }
}

function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => [])
}

async function removeOld(path: string, now: number): Promise<void> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }))
  if (now - mtimeMs > keptForMs) await rm(path, { force: true }).catch(() => null)
}
