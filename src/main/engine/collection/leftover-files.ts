import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesBelow } from '../throttle/disk-quota.ts'
import type { DatedItem, DatedSource } from './dated-collectable.ts'

export interface LeftoverPlaces {
  /** Folder of the journals. Damaged ones are put aside there, as `journal.sqlite.damaged-<time>` and files beside it. */
  readonly journals: string
  /** Folder of compiled operations: one folder for each version of Guardhouse, of which only `codeInUse` is of use to this one. */
  readonly code: string
  readonly codeInUse: string | null
}

const damaged = /\.damaged-[0-9TZ-]+(?:-(?:wal|shm|search))?$/

/** What nothing reads any more: damaged journals that were put aside for a person to look at, and code compiled by other versions. */
export function leftoverFiles({ journals, code, codeInUse }: LeftoverPlaces): DatedSource {
  return {
    kind: 'leftovers',
    days: (policy) => policy.hotDays,
    list: async () => {
      const aside = (await namesIn(journals)).filter((name) => damaged.test(name)).map((name) => join(journals, name))
      const compiled = (await namesIn(code)).map((name) => join(code, name)).filter((path) => path !== codeInUse)
      const items = await Promise.all([...aside, ...compiled].map(itemOf))
      return items.filter((item) => item !== null)
    },
    remove: async ({ name }) => {
      await rm(name, { recursive: true })
      return true
    },
  }
}

async function itemOf(path: string): Promise<DatedItem | null> {
  try {
    const facts = await stat(path)
    const bytes = facts.isDirectory() ? await bytesBelow(path) : facts.size
    return { name: path, bytes, at: facts.mtimeMs }
  } catch {
    // Gone since its folder was read.
    return null
  }
}

/** Rejects for a folder that is there and cannot be read. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
