import { type WorkerState, workerStates } from '../../../shared/contract/system.ts'
import type { TelemetryFrame } from '../../../shared/frames/telemetry.ts'

/** One worker as the lanes show it, at the moment of one frame. */
export interface WorkerView {
  readonly core: number
  readonly slot: number
  readonly state: WorkerState
  readonly asked: number
  /** CPU read back from the kernel; -1 unknown, -2 more than one. */
  readonly confirmed: number
  /** -1 unknown. */
  readonly lastCpu: number
  readonly depth: number
  readonly mailboxMax: number
  /** Sequence of the running token; 0 when there is none. */
  readonly running: number
  /** Index of the running operation. */
  readonly operation: number
  /** Microseconds since the run or the present state began, rounded to what is shown. */
  readonly age: number
  readonly executed: number
  readonly restarts: number
  readonly drifts: number
}

/** Ages are shown in three digits at most; finer ones would only make rows render that look the same. */
const agePrecision = 10_000

export function workersOfCore(frame: TelemetryFrame, core: number): readonly WorkerView[] {
  const views: WorkerView[] = []
  for (let row = 0; row < frame.workers.length; row += 1) {
    if (frame.workers.core[row] === core) views.push(workerAt(frame, row))
  }
  return views
}

/** How many slots of a core are of interest: those that routing may use, and those that have a worker. At least 1. */
export function slotsOfCore({ cores, workers }: TelemetryFrame, core: number): number {
  let slots = Math.max(1, cores.pattern[core - 1] ?? 1)
  for (let row = 0; row < workers.length; row += 1) {
    if (workers.core[row] === core) slots = Math.max(slots, (workers.slot[row] ?? 0) + 1)
  }
  return slots
}

export function allWorkers(frame: TelemetryFrame): readonly WorkerView[] {
  return Array.from({ length: frame.workers.length }, (_, row) => workerAt(frame, row))
}

function workerAt({ workers, now }: TelemetryFrame, row: number): WorkerView {
  const at = (column: ArrayLike<number>) => column[row] ?? 0
  const running = at(workers.running)
  const state = workerStates[at(workers.state)] ?? 'absent'
  const age = Math.max(0, now - at(workers.since))
  return {
    core: at(workers.core),
    slot: at(workers.slot),
    state,
    asked: at(workers.asked),
    confirmed: at(workers.confirmed),
    lastCpu: at(workers.lastCpu),
    depth: at(workers.depth),
    mailboxMax: at(workers.mailboxMax),
    running,
    operation: at(workers.operation),
    // The age of an idle worker is of no interest; leaving it out lets its row rest.
    age: running === 0 && isSteady(state) ? 0 : Math.round(age / agePrecision) * agePrecision,
    executed: at(workers.executed),
    restarts: at(workers.restarts),
    drifts: at(workers.drifts),
  }
}

function isSteady(state: WorkerState): boolean {
  return state === 'absent' || state === 'idle'
}

export function sameWorkers(a: readonly WorkerView[], b: readonly WorkerView[]): boolean {
  return a.length === b.length && a.every((view, index) => sameWorker(view, b[index]))
}

function sameWorker(a: WorkerView, b: WorkerView | undefined): boolean {
  if (b === undefined) return false
  return (Object.keys(a) as (keyof WorkerView)[]).every((key) => a[key] === b[key])
}
