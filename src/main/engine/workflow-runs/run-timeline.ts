import type { TimelineLane } from '../../../shared/contract/workflows.ts'
import type { RunColumns } from './run-columns.ts'
import { stateOf } from './run-progress.ts'

interface OpenSpan {
  start: number
  end: number
  step: number
  node: number
  failed: number
}

/**
 * What ran between two times, one lane for each core. Spans that would be drawn in the same of `parts` parts of the range are
 * made one, so that the answer is bounded however long the run is. Steps are in the order in which they ended.
 */
export function runTimeline(columns: RunColumns, from: number, to: number, parts: number): TimelineLane[] {
  const grain = Math.max(0, (to - from) / parts)
  const lanes = new Map<number, { lane: MutableLane; open: OpenSpan | null }>()
  for (let step = 0; step < columns.stepVisit.length; step++) {
    const start = columns.stepStart.at(step)
    const end = columns.stepEnd.at(step)
    if (end < from || start > to) continue
    const core = columns.stepCore.at(step)
    const entry = lanes.get(core) ?? { lane: emptyLane(core), open: null }
    lanes.set(core, entry)
    const failed = isFailed(columns, step) ? 1 : 0
    const { open } = entry
    if (open !== null && start <= open.end + grain && Math.max(end, open.end) - Math.min(start, open.start) <= grain) {
      open.start = Math.min(open.start, start)
      open.end = Math.max(open.end, end)
      open.step = -1
      open.failed += failed
      continue
    }
    if (open !== null) close(entry.lane, open)
    entry.open = { start, end, step, node: columns.visitNode.at(columns.stepVisit.at(step)), failed }
  }
  for (const { lane, open } of lanes.values()) if (open !== null) close(lane, open)
  return [...lanes.values()].map(({ lane }) => lane).sort((a, b) => (a.core ?? Infinity) - (b.core ?? Infinity))
}

/** Stretches of at least a twentieth of the run in which nothing ran, which a picture may leave out. */
export function idleStretches(lanes: readonly TimelineLane[], span: number): number[][] {
  const spans = lanes
    .flatMap(({ starts, ends }) => starts.map((start, at) => [start, ends[at] ?? start] as const))
    .sort((a, b) => a[0] - b[0])
  const idle: number[][] = []
  let busyUntil = 0
  for (const [start, end] of spans) {
    if (start - busyUntil > span / 20) idle.push([busyUntil, start])
    busyUntil = Math.max(busyUntil, end)
  }
  return idle
}

type MutableLane = { -readonly [Key in keyof TimelineLane]: TimelineLane[Key] }

function emptyLane(core: number): MutableLane {
  const known = core >= 0
  return {
    name: known ? `core ${core}` : 'no core',
    core: known ? core : null,
    starts: [],
    ends: [],
    steps: [],
    nodes: [],
    failed: [],
  }
}

function close(lane: MutableLane, { start, end, step, node, failed }: OpenSpan): void {
  lane.starts.push(start)
  lane.ends.push(end)
  lane.steps.push(step)
  lane.nodes.push(node)
  lane.failed.push(failed)
}

function isFailed(columns: RunColumns, step: number): boolean {
  return stateOf(false, columns.statuses.text(columns.stepStatus.at(step)), true) === 'failed'
}
