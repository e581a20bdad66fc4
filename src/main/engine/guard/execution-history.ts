import type { SchedulerState } from '../scheduler/scheduler-state.ts'
import { stateNumbers } from '../scheduler/token-table.ts'

/** One finished token in the original's dump format (section 9.3), field for field. Seconds. */
export interface ExecutionRecord {
  readonly token_id: string
  readonly method_name: string
  readonly success: boolean
  readonly execution_time: number
  /** Of the end, since 1970. */
  readonly timestamp: number
  readonly core_id: number
  readonly worker_id: number
  readonly operation_type: string
}

type HistoryState = Pick<SchedulerState, 'table' | 'idOf' | 'operationOf' | 'workerOf' | 'workerNumber' | 'clock'>

/** The newest tokens that ran and ended, oldest first. Read from the token table: nothing is kept twice. */
export function recentExecutions(state: HistoryState, limit: number): ExecutionRecord[] {
  const { table } = state
  const ended: number[] = []
  for (const slot of table.index.newestFirst(table.created)) {
    if (table.isTerminal(slot) && (table.startedAt[slot] ?? 0) > 0) ended.push(slot)
  }
  ended.sort((a, b) => (table.endedAt[b] ?? 0) - (table.endedAt[a] ?? 0))
  return ended
    .slice(0, limit)
    .reverse()
    .map((slot) => {
      const worker = state.workerOf(slot)
      const operation = state.operationOf(slot).operationType
      const endedAt = table.endedAt[slot] ?? 0
      return {
        token_id: state.idOf(slot),
        method_name: operation,
        success: table.state[slot] === stateNumbers.COMPLETED,
        execution_time: (endedAt - (table.startedAt[slot] ?? 0)) / 1e6,
        timestamp: (state.clock.epochWall + endedAt / 1000) / 1000,
        core_id: worker?.core ?? 0,
        worker_id: worker === null ? -1 : state.workerNumber(worker),
        operation_type: operation,
      }
    })
}
