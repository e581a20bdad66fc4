import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkflowRunRow } from '../../../shared/contract/workflows.ts'
import type { DatedItem, DatedSource } from '../collection/dated-collectable.ts'
import type { PinnedTokens } from '../collection/pinned-tokens.ts'
import { bytesBelow } from '../throttle/disk-quota.ts'

/** Runs as whoever collects them sees them. */
export interface KeptRuns {
  rows(): Promise<readonly WorkflowRunRow[]>
  folderOf(run: string): string
  /** False for one that goes on. */
  remove(run: string): Promise<boolean>
}

/** Traces, evidence and graphs of runs, each run as a whole; one ages from its end, an import from when it was taken in. */
export function runFolders(runs: KeptRuns, pinned: PinnedTokens): DatedSource {
  /** Of runs that have ended, whose files no longer change. */
  const known = new Map<string, DatedItem>()
  return {
    kind: 'workflow runs',
    days: (policy) => policy.warmDays,
    list: async () => {
      const rows = await runs.rows()
      const items: DatedItem[] = []
      for (const row of rows) {
        const item = known.get(row.id) ?? (await itemOf(row.id, runs.folderOf(row.id)))
        if (!goesOn(row)) known.set(row.id, item)
        items.push(item)
      }
      return items
    },
    holding: async () => {
      const [rows, held] = await Promise.all([runs.rows(), pinned()])
      const byId = new Map(rows.map((row) => [row.id, row]))
      return async ({ name }) => {
        const row = byId.get(name)
        if (row === undefined || goesOn(row)) return 'the run goes on'
        return row.token !== null && held.has(row.token) ? 'a pinned receipt belongs to the run' : null
      }
    },
    remove: async ({ name }) => {
      known.delete(name)
      return await runs.remove(name)
    },
  }
}

function goesOn({ state }: WorkflowRunRow): boolean {
  return state === 'waiting' || state === 'running'
}

async function itemOf(id: string, folder: string): Promise<DatedItem> {
  const [bytes, written] = await Promise.all([bytesBelow(folder), writtenAt(join(folder, 'run.json'))])
  return { name: id, bytes, at: written }
}

async function writtenAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs
  } catch {
    // Not written down yet, or not to be written: it counts as new.
    return Date.now()
  }
}
