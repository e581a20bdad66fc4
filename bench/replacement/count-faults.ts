import type { Scheduler } from '../../src/main/engine/scheduler/scheduler.ts'

/** Every token exactly one run, by counters that the operations themselves advance, and the scheduler's own counts beside it. */
export function faultsOfCounts(scheduler: Scheduler, runs: Int32Array, kills: number, completed: number): string[] {
  const faults: string[] = []
  const wrong = [...runs.entries()].filter(([, count]) => count !== 1)
  const [first] = wrong
  if (first !== undefined) {
    faults.push(`${wrong.length} tokens did not run exactly once, such as number ${first[0]}: ${first[1]} times`)
  }
  const { totals } = scheduler.reports.stats({ cores: [], threads: new Map() })
  if (totals.KILLED !== kills) faults.push(`${totals.KILLED} tokens are counted as killed, expected ${kills}`)
  if (totals.COMPLETED !== completed) faults.push(`${totals.COMPLETED} are counted as completed, expected ${completed}`)
  const lost = totals.FAILED + totals.TIMEOUT + totals.WAITING + totals.ADMITTED + totals.EXECUTING
  if (lost !== 0) faults.push(`${lost} tokens are in a state that none should be in`)
  return faults
}
