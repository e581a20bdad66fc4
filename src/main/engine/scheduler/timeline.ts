import type { TimelineLane, TimelineRun, TimelineSummary, TimelineView } from '../../../shared/contract/timeline.ts'
import type { SchedulerState } from './scheduler-state.ts'

// Runs turned into objects between two turns of the event loop: the control thread has tokens to move meanwhile.
const runsPerTurn = 5000

/** Runs shorter than this many columns cannot be told apart in a picture and are added up. */
const widestBin = 2

type Visit = (slot: number, worker: number, start: number, end: number) => void

/** When kept tokens ran and where: the table read by time instead of by token. Times are engine microseconds. */
export class Timeline {
  readonly #state: SchedulerState

  constructor(state: SchedulerState) {
    this.#state = state
  }

  /** The span of time that ends at `to` (null: now), in `columns` equal parts. */
  read(to: number | null, span: number, columns: number): TimelineView {
    const now = this.#state.now()
    const right = to ?? now
    const left = right - span
    const width = span / columns
    const lanes = this.#state.workers.map((worker) => new LaneBuilder(worker.core, worker.slot, left, width, columns))
    const { table } = this.#state
    let tokens = 0
    this.#forEachRun(left, right, now, (slot, worker, start, end) => {
      tokens += 1
      lanes[worker]?.add(start, end, table.operation[slot] ?? 0, table.sequence[slot] ?? 0)
    })
    return {
      from: left,
      to: right,
      columns,
      now,
      oldest: this.#oldestStart(),
      tokens,
      lanes: lanes.filter((lane, number) => lane.used || this.#routed(number)).map((lane) => lane.build()),
    }
  }

  /** Run time within `from`..`to` by operation and by worker, most first. */
  summary(from: number, to: number): TimelineSummary {
    const { table, operations, workers } = this.#state
    const byOperation = new Map<number, { tokens: number; busy: number }>()
    const byWorker = new Map<number, { tokens: number; busy: number }>()
    let tokens = 0
    this.#forEachRun(from, to, this.#state.now(), (slot, worker, start, end) => {
      const inside = Math.min(end, to) - Math.max(start, from)
      tokens += 1
      addTo(byOperation, table.operation[slot] ?? 0, inside)
      addTo(byWorker, worker, inside)
    })
    return {
      tokens,
      operations: [...byOperation]
        .map(([index, sum]) => ({ operation: operations.at(index).operationType, ...sum }))
        .sort((a, b) => b.busy - a.busy),
      lanes: [...byWorker]
        .sort(([a], [b]) => a - b)
        .map(([number, sum]) => ({ core: workers[number]?.core ?? 0, slot: workers[number]?.slot ?? 0, ...sum })),
    }
  }

  /** The runs that touch `from`..`to`, earliest first, at most `limit`; how many there were in all. */
  async runs(from: number, to: number, limit: number): Promise<{ runs: TimelineRun[]; matched: number }> {
    const { table } = this.#state
    const found: { slot: number; sequence: number; start: number }[] = []
    this.#forEachRun(from, to, this.#state.now(), (slot, _worker, start) => {
      found.push({ slot, sequence: table.sequence[slot] ?? 0, start })
    })
    found.sort((a, b) => a.start - b.start)
    const runs: TimelineRun[] = []
    for (const [index, { slot, sequence }] of found.slice(0, limit).entries()) {
      // In the turns between, the oldest may have left the history and their slots may serve others.
      if (table.sequence[slot] === sequence) runs.push(this.#run(slot))
      if (index % runsPerTurn === runsPerTurn - 1) await new Promise((resolve) => setImmediate(resolve))
    }
    return { runs, matched: found.length }
  }

  #run(slot: number): TimelineRun {
    const { table } = this.#state
    const worker = this.#state.workerOf(slot)
    return {
      id: this.#state.idOf(slot),
      operation: this.#state.operationOf(slot).operationType,
      state: table.stateOf(slot),
      core: worker?.core ?? 0,
      slot: worker?.slot ?? 0,
      createdAt: table.createdAt[slot] ?? 0,
      startedAt: table.startedAt[slot] ?? 0,
      endedAt: table.endedAt[slot] || null,
      attempt: table.attempt[slot] ?? 1,
    }
  }

  #forEachRun(from: number, to: number, now: number, visit: Visit): void {
    const { sequence, startedAt, endedAt, worker, capacity } = this.#state.table
    for (let slot = 0; slot < capacity; slot++) {
      const start = startedAt[slot] ?? 0
      if (sequence[slot] === 0 || start === 0 || start >= to) continue
      const end = endedAt[slot] || now
      const place = worker[slot] ?? -1
      if (end > from && place >= 0) visit(slot, place, start, end)
    }
  }

  #oldestStart(): number | null {
    let oldest = Number.POSITIVE_INFINITY
    this.#forEachRun(0, Number.POSITIVE_INFINITY, this.#state.now(), (_slot, _worker, start) => {
      if (start < oldest) oldest = start
    })
    return oldest === Number.POSITIVE_INFINITY ? null : oldest
  }

  /** Whether routing may use this worker now: an idle one is shown as idle, one that is not used is not shown. */
  #routed(number: number): boolean {
    const worker = this.#state.workers[number]
    return worker !== undefined && worker.slot < this.#state.coreOf(worker).pattern
  }
}

function addTo(sums: Map<number, { tokens: number; busy: number }>, key: number, busy: number): void {
  const sum = sums.get(key)
  if (sum === undefined) sums.set(key, { tokens: 1, busy })
  else {
    sum.tokens += 1
    sum.busy += busy
  }
}

/** Collects what one worker ran. */
class LaneBuilder {
  used = false
  readonly #core: number
  readonly #slot: number
  readonly #left: number
  readonly #width: number
  readonly #spans: TimelineLane['spans'] = { start: [], end: [], operation: [], token: [] }
  readonly #busy: Float64Array
  readonly #tokens: Uint32Array
  readonly #operation: Int32Array
  readonly #longest: Float64Array

  constructor(core: number, slot: number, left: number, width: number, columns: number) {
    this.#core = core
    this.#slot = slot
    this.#left = left
    this.#width = width
    this.#busy = new Float64Array(columns)
    this.#tokens = new Uint32Array(columns)
    this.#operation = new Int32Array(columns)
    this.#longest = new Float64Array(columns)
  }

  add(start: number, end: number, operation: number, token: number): void {
    this.used = true
    if (end - start >= this.#width * widestBin) {
      this.#spans.start.push(start)
      this.#spans.end.push(end)
      this.#spans.operation.push(operation)
      this.#spans.token.push(token)
      return
    }
    const first = Math.max(0, Math.floor((start - this.#left) / this.#width))
    const last = Math.min(this.#busy.length - 1, Math.floor((end - this.#left) / this.#width))
    this.#tokens[first] = (this.#tokens[first] ?? 0) + 1
    for (let column = first; column <= last; column++) {
      const columnStart = this.#left + column * this.#width
      const inside = Math.min(end, columnStart + this.#width) - Math.max(start, columnStart)
      this.#busy[column] = (this.#busy[column] ?? 0) + inside
      if (inside < (this.#longest[column] ?? 0)) continue
      this.#longest[column] = inside
      this.#operation[column] = operation
    }
  }

  build(): TimelineLane {
    const bins: TimelineLane['bins'] = { column: [], busy: [], tokens: [], operation: [] }
    for (let column = 0; column < this.#busy.length; column++) {
      const busy = this.#busy[column] ?? 0
      if (busy <= 0 && this.#tokens[column] === 0) continue
      bins.column.push(column)
      bins.busy.push(Math.min(1, busy / this.#width))
      bins.tokens.push(this.#tokens[column] ?? 0)
      bins.operation.push(this.#operation[column] ?? 0)
    }
    return { core: this.#core, slot: this.#slot, spans: this.#spans, bins }
  }
}
