import type { Scheduler } from '../../src/main/engine/scheduler/scheduler.ts'
import type { TokenDetail } from '../../src/shared/contract/tokens.ts'

export interface LifeCycleProof {
  readonly submitted: number
  /** Tokens whose life cycle was asked for and was whole. */
  readonly proven: number
  /** Tokens that ended COMPLETED by the scheduler's own count, also those no longer kept. */
  readonly completed: number
  /** Finished tokens that left the history, which keeps the newest `historyMax`. */
  readonly evicted: number
  /** What did not hold, in words; empty when all is well. */
  readonly problems: readonly string[]
}

// Further ones would say the same.
const problemsShown = 5

/** Asks the scheduler for every token it keeps, each by its id as the window does, and adds up. */
export async function proveLifeCycles(scheduler: Scheduler, submitted: number): Promise<LifeCycleProof> {
  const problems: string[] = []
  const { totals, token_pool: pool } = scheduler.reports.stats({ cores: [], threads: new Map() })
  const ended = totals.COMPLETED + totals.FAILED + totals.KILLED + totals.TIMEOUT
  expectEqual(problems, 'tokens created', pool.total_created, submitted)
  expectEqual(problems, 'tokens completed', totals.COMPLETED, submitted)
  expectEqual(problems, 'tokens ended', ended, submitted)
  const page = await scheduler.query({}, { by: 'sequence', direction: 'ascending' }, 0, Number.POSITIVE_INFINITY)
  expectEqual(problems, 'tokens kept or evicted', page.kept + page.evicted, submitted)
  expectEqual(problems, 'rows of the table', page.rows.length, page.kept)
  expectEqual(problems, 'different tokens among them', new Set(page.rows.map((row) => row.sequence)).size, page.kept)
  let proven = 0
  for (const { id } of page.rows) {
    const fault = faultOf(scheduler.detail(id))
    if (fault === null) proven += 1
    else if (problems.length < problemsShown) problems.push(`${id}: ${fault}`)
  }
  expectEqual(problems, 'whole life cycles', proven, page.kept)
  return { submitted, proven, completed: totals.COMPLETED, evicted: page.evicted, problems }
}

/** What is wrong with the life cycle of a token that should have completed; null when nothing is. */
function faultOf({ state, times, core, slot }: TokenDetail): string | null {
  if (state !== 'COMPLETED') return `it is ${state}`
  if (core === null || slot === null) return 'nobody knows where it ran'
  const instants = [times.created, times.waiting, times.admitted, times.started, times.ended]
  for (let index = 1; index < instants.length; index++) {
    const before = instants[index - 1]
    const after = instants[index]
    if (before === undefined || after === undefined) return `an instant is missing: ${JSON.stringify(times)}`
    if (after < before) return `its times go back: ${JSON.stringify(times)}`
  }
  return null
}

function expectEqual(problems: string[], what: string, found: number, expected: number): void {
  if (found !== expected) problems.push(`${what}: ${found}, expected ${expected}`)
}
