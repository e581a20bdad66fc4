import { describe, expect, it } from 'vitest'
import { TestScheduler } from './scheduler.fixture.ts'

/** Columns of a second: whatever the machine does, a counting run is shorter than two of them. */
const span = 10_000_000
const columns = 10

describe('the timeline', () => {
  it('adds up short runs by column and names the operation of the longest', async () => {
    await using test = await TestScheduler.create({ cores: 1 })
    await Promise.all(Array.from({ length: 20 }, (_, number) => test.submit('count', number)))
    const { lanes, tokens, from, to, oldest } = test.scheduler.timeline.read(null, span, columns)
    expect(tokens).toBe(20)
    expect(to - from).toBe(span)
    expect(oldest).toBeGreaterThan(from)
    expect(lanes).toHaveLength(1)
    const bins = lanes[0]?.bins
    expect(bins?.tokens.reduce((sum, count) => sum + count, 0)).toBe(20)
    expect(bins?.busy.every((share) => share > 0 && share <= 1)).toBe(true)
    const names = test.scheduler.reports.operations()
    expect(names.find((each) => each.index === bins?.operation[0])?.operation).toBe('count')
  })

  it('shows a run that goes on up to now, as a span of its own', async () => {
    await using test = await TestScheduler.create({ cores: 1 })
    const token = test.submit('hold', 1)
    await test.arrival(1)
    const first = test.scheduler.timeline.read(null, 1000, 10)
    const second = test.scheduler.timeline.read(null, 1000, 10)
    expect(first.lanes[0]?.spans.token).toEqual([token.sequence])
    expect(first.lanes[0]?.spans.end).toEqual([first.now])
    expect(second.lanes[0]?.spans.end[0]).toBeGreaterThan(first.lanes[0]?.spans.end[0] ?? 0)
    test.board.open(1)
    await token
  })

  it('shows an idle worker that may be used, and nothing that ran outside of the span', async () => {
    await using test = await TestScheduler.create({ cores: 2 })
    await test.submit('noop')
    const { now } = test.scheduler.timeline.read(null, span, columns)
    const before = test.scheduler.timeline.read(now - span * 2, span, columns)
    expect(before.tokens).toBe(0)
    expect(before.lanes.map(({ core, slot }) => [core, slot])).toEqual([
      [1, 0],
      [2, 0],
    ])
  })

  it('counts only the part of a run that lies within the span', async () => {
    await using test = await TestScheduler.create({ cores: 1 })
    const token = test.submit('hold', 1)
    await test.arrival(1)
    const { now, oldest } = test.scheduler.timeline.read(null, span, columns)
    const start = oldest ?? now
    const half = (now - start) / 2
    const { operations, lanes, tokens } = test.scheduler.timeline.summary(start, start + half)
    expect(tokens).toBe(1)
    expect(operations).toEqual([{ operation: 'hold', tokens: 1, busy: expect.closeTo(half, 3) }])
    expect(lanes).toEqual([{ core: 1, slot: 0, tokens: 1, busy: expect.closeTo(half, 3) }])
    test.board.open(1)
    await token
  })

  it('lists single runs, earliest first, and says how many there were beyond the limit', async () => {
    await using test = await TestScheduler.create({ cores: 1 })
    for (let number = 0; number < 5; number++) await test.submit('count', number)
    const { now } = test.scheduler.timeline.read(null, span, columns)
    const { runs, matched } = await test.scheduler.timeline.runs(0, now, 3)
    expect(matched).toBe(5)
    expect(runs.map(({ operation, state, core, slot }) => [operation, state, core, slot])).toEqual(
      Array.from({ length: 3 }, () => ['count', 'COMPLETED', 1, 0]),
    )
    expect(runs.map((run) => run.startedAt)).toEqual(runs.map((run) => run.startedAt).sort((a, b) => a - b))
    expect(runs.every((run) => (run.endedAt ?? 0) > run.startedAt)).toBe(true)
  })
})
