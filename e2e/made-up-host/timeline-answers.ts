import type { ProcedureOutput, ProcedureParsedInput } from '../../src/shared/contract/index.ts'
import type { TimelineLane, TimelineSummary, TimelineView } from '../../src/shared/contract/timeline.ts'
import type { MadeUpScheduler } from './made-up-scheduler.ts'
import type { TokenRecord } from './token-record.ts'

interface Run {
  readonly token: TokenRecord
  readonly core: number
  readonly slot: number
  readonly start: number
  readonly end: number
}

function* runsWithin(scheduler: MadeUpScheduler, from: number, to: number): Generator<Run> {
  const now = scheduler.now()
  for (const token of scheduler.store.tokens) {
    const { core, slot, started: start } = token
    if (core === null || slot === null || start === null || start >= to) continue
    const end = token.ended ?? now
    if (end > from) yield { token, core, slot, start, end }
  }
}

/** Every run as a span of its own: invented runs are few enough for that. */
export function inventedTimeline(
  scheduler: MadeUpScheduler,
  { to: wanted, span, columns }: ProcedureParsedInput<'timeline.read'>,
): TimelineView {
  const now = scheduler.now()
  const to = wanted ?? now
  const lanes = new Map<string, TimelineLane>()
  scheduler.patterns.forEach((pattern, index) => {
    for (let slot = 0; slot < pattern; slot++) lanes.set(`${index + 1}/${slot}`, emptyLane(index + 1, slot))
  })
  let tokens = 0
  for (const { token, core, slot, start, end } of runsWithin(scheduler, to - span, to)) {
    const lane = lanes.get(`${core}/${slot}`) ?? emptyLane(core, slot)
    lanes.set(`${core}/${slot}`, lane)
    lane.spans.start.push(start)
    lane.spans.end.push(end)
    lane.spans.operation.push(token.operation.index)
    lane.spans.token.push(token.sequence)
    tokens += 1
  }
  const oldest = scheduler.store.tokens.find((token) => token.started !== null)?.started ?? null
  const sorted = [...lanes.values()].sort((a, b) => a.core - b.core || a.slot - b.slot)
  return { from: to - span, to, columns, now, oldest, tokens, lanes: sorted }
}

function emptyLane(core: number, slot: number): TimelineLane {
  return {
    core,
    slot,
    spans: { start: [], end: [], operation: [], token: [] },
    bins: { column: [], busy: [], tokens: [], operation: [] },
  }
}

export function inventedTimelineSummary(scheduler: MadeUpScheduler, from: number, to: number): TimelineSummary {
  const operations = new Map<string, TimelineSummary['operations'][number]>()
  const lanes = new Map<string, TimelineSummary['lanes'][number]>()
  let tokens = 0
  for (const { token, core, slot, start, end } of runsWithin(scheduler, from, to)) {
    const busy = Math.min(end, to) - Math.max(start, from)
    const { operation } = token.operation.entry
    const sum = operations.get(operation) ?? { operation, tokens: 0, busy: 0 }
    operations.set(operation, { operation, tokens: sum.tokens + 1, busy: sum.busy + busy })
    const lane = lanes.get(`${core}/${slot}`) ?? { core, slot, tokens: 0, busy: 0 }
    lanes.set(`${core}/${slot}`, { core, slot, tokens: lane.tokens + 1, busy: lane.busy + busy })
    tokens += 1
  }
  return { tokens, operations: [...operations.values()].sort((a, b) => b.busy - a.busy), lanes: [...lanes.values()] }
}

export function inventedTimelineRuns(
  scheduler: MadeUpScheduler,
  from: number,
  to: number,
  limit: number,
): ProcedureOutput<'timeline.runs'> {
  const found = [...runsWithin(scheduler, from, to)].sort((a, b) => a.start - b.start)
  const runs = found.slice(0, limit).map(({ token, core, slot, start }) => ({
    id: token.id,
    operation: token.operation.entry.operation,
    state: token.state,
    core,
    slot,
    createdAt: token.created,
    startedAt: start,
    endedAt: token.ended,
    attempt: token.attempt,
  }))
  return { runs, matched: found.length }
}
