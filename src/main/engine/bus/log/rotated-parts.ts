import { rm, stat } from 'node:fs/promises'
import type { DatedItem, DatedSource } from '../../collection/dated-collectable.ts'
import { parsePlain } from '../parse-tuple.ts'
import { logParts } from './log-segments.ts'
import { linesOf } from './replay-log.ts'

/** Parts of an open tuple log that were rotated away. The growing file is the log's own business. */
export interface RotatedPartsOptions {
  /** Of the growing file. */
  readonly path: string
  /** Ids of the tuples that are in the space now. */
  residents(): Promise<ReadonlySet<string>>
}

/**
 * Parts go in order, oldest first, and only while none of their tuples is in the space: the log is replayed from its first part, so
 * with the part of its `out` a tuple would be lost at the next start.
 */
export function rotatedParts({ path, residents }: RotatedPartsOptions): DatedSource {
  return {
    kind: 'bus log',
    inOrder: true,
    days: (policy) => policy.warmDays,
    list: async () => {
      const parts = (await logParts(path)).filter((part) => part !== path)
      const items = await Promise.all(parts.map(itemOf))
      return items.filter((item) => item !== null)
    },
    holding: async () => {
      const alive = await residents()
      return async ({ name }) => ((await mentions(name, alive)) ? 'tuples that are on the bus now stand in it' : null)
    },
    remove: async ({ name }) => {
      await rm(name)
      return true
    },
  }
}

async function itemOf(path: string): Promise<DatedItem | null> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { name: path, bytes: size, at: mtimeMs }
  } catch {
    // Packed or removed since the folder was read.
    return null
  }
}

/** Whether an `out` of one of these tuples stands in the file. True as well for a file that cannot be read to its end: nobody knows what is in it. */
async function mentions(file: string, ids: ReadonlySet<string>): Promise<boolean> {
  if (ids.size === 0) return false
  try {
    for await (const line of linesOf(file)) {
      const id = idOf(line)
      if (id !== null && ids.has(id)) return true
    }
    return false
  } catch {
    return true
  }
}

function idOf(line: string): string | null {
  try {
    const { op, tuple } = parsePlain(line) as { op?: unknown; tuple?: { id?: unknown } }
    return op === 'out' && typeof tuple?.id === 'string' ? tuple.id : null
  } catch {
    // A line that is none puts nothing into the space.
    return null
  }
}
