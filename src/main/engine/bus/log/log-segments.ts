import { access, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * A log is one file that grows, such as `tuples.jsonl`, and beside it what was rotated away: `tuples-YYYYMMDD-NNNN.jsonl`, later
 * packed as `.jsonl.gz`. `tuples-YYYYMMDD.jsonl.gz`, as the original names it, is read as the first of its day.
 */

/** Paths of every part of the log that there is, oldest first; the growing file last. */
export async function logParts(path: string): Promise<string[]> {
  const folder = dirname(path)
  const stem = stemOf(path)
  const pattern = new RegExp(`^${asPattern(stem)}-(\\d{8})(?:-(\\d{4,}))?\\.jsonl(\\.gz)?$`)
  const rotated = new Map<string, { name: string; order: string; packed: boolean }>()
  for (const name of await namesIn(folder)) {
    const match = pattern.exec(name)
    if (match === null) continue
    const [, day = '', number = '', gz] = match
    const order = `${day}-${number.padStart(12, '0')}`
    // Between packing and removing, both are there: the packed one is whole.
    if (gz !== undefined || !rotated.has(order)) rotated.set(order, { name, order, packed: gz !== undefined })
  }
  const ordered = [...rotated.values()].sort((a, b) => (a.order < b.order ? -1 : 1))
  const parts = ordered.map(({ name }) => join(folder, name))
  return (await exists(path)) ? [...parts, path] : parts
}

/** The next free name for what is rotated away on `day`, written YYYYMMDD. */
export async function nextPart(path: string, day: string): Promise<string> {
  const stem = `${stemOf(path)}-${day}-`
  let highest = 0
  for (const name of await namesIn(dirname(path))) {
    if (name.startsWith(stem)) highest = Math.max(highest, Number.parseInt(name.slice(stem.length), 10) || 0)
  }
  return join(dirname(path), `${stem}${String(highest + 1).padStart(4, '0')}.jsonl`)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch {
    // No folder yet: no parts.
    return []
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}

function stemOf(path: string): string {
  return basename(path).replace(/\.jsonl$/, '')
}

function asPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
