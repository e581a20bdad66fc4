import { expect, it } from 'vitest'
import type { TimelineLane, TimelineView } from '../../../../shared/contract/timeline.ts'
import { axisHeight, hitTest, laneHeight, namesWidth, nested, placeLanes, TimeScale } from './lane-layout.ts'

function lane(core: number, slot: number, parts: Partial<Pick<TimelineLane, 'spans' | 'bins'>> = {}): TimelineLane {
  return {
    core,
    slot,
    spans: { start: [], end: [], operation: [], token: [] },
    bins: { column: [], busy: [], tokens: [], operation: [] },
    ...parts,
  }
}

function viewOf(...lanes: TimelineLane[]): TimelineView {
  return { from: 0, to: 1000, columns: 10, now: 1000, oldest: 0, tokens: 0, lanes }
}

const scale = new TimeScale({ from: 0, to: 1000 }, namesWidth + 1000)
const inFirstLane = axisHeight + laneHeight / 2

it('puts more room between cores than between workers, and names a core once', () => {
  const placed = placeLanes([lane(1, 0), lane(1, 1), lane(2, 0)])
  expect(placed.map(({ first }) => first)).toEqual([true, false, true])
  const [a, b, c] = placed.map(({ top }) => top)
  expect((c ?? 0) - (b ?? 0)).toBeGreaterThan((b ?? 0) - (a ?? 0))
})

it('knows how deep a run lies in others, and that neighbours lie side by side', () => {
  const spans = { start: [0, 100, 300, 150], end: [500, 200, 400, 180], operation: [0, 1, 2, 3], token: [1, 2, 3, 4] }
  expect(nested(spans)).toEqual([
    { index: 0, depth: 0 },
    { index: 1, depth: 1 },
    { index: 3, depth: 2 },
    { index: 2, depth: 1 },
  ])
})

it('means the shortest run under the pointer, within reach of a narrow one', () => {
  const spans = { start: [0, 500], end: [1000, 501], operation: [1, 2], token: [7, 8] }
  const view = viewOf(lane(1, 0, { spans }))
  expect(hitTest(view, scale, namesWidth + 502, inFirstLane)).toMatchObject({ kind: 'run', token: 8 })
  expect(hitTest(view, scale, namesWidth + 700, inFirstLane)).toMatchObject({ kind: 'run', token: 7 })
})

it('tells short runs added up from idleness, and names no lane between lanes', () => {
  const bins = { column: [3], busy: [0.5], tokens: [20], operation: [4] }
  const view = viewOf(lane(1, 0, { bins }))
  expect(hitTest(view, scale, namesWidth + 350, inFirstLane)).toMatchObject({
    kind: 'several',
    tokens: 20,
    operation: 4,
  })
  expect(hitTest(view, scale, namesWidth + 450, inFirstLane)).toMatchObject({ kind: 'idle', at: 450 })
  expect(hitTest(view, scale, namesWidth + 450, axisHeight - 1)).toBeNull()
  expect(hitTest(view, scale, 10, inFirstLane)).toBeNull()
})
