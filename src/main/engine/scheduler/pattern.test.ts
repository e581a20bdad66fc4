import { describe, expect, it } from 'vitest'
import { TestScheduler } from './scheduler.fixture.ts'

const fourWorkers = { workersPerCore: 4, initialPattern: 4, stealing: false }

async function slotsOf(test: TestScheduler, count: number): Promise<Set<number | null>> {
  const tokens = Array.from({ length: count }, () => test.submit('noop'))
  await Promise.all(tokens)
  return new Set(tokens.map((token) => test.detailOf(token).slot))
}

describe('the pattern of a core', () => {
  it('takes effect with the next token', async () => {
    await using test = await TestScheduler.create({ options: { ...fourWorkers, initialPattern: 1 } })
    expect(await slotsOf(test, 8)).toEqual(new Set([0]))
    test.scheduler.setPattern(1, 2)
    expect(await slotsOf(test, 8)).toEqual(new Set([0, 1]))
    test.scheduler.setPattern(1, 1)
    expect(await slotsOf(test, 8)).toEqual(new Set([0]))
    expect(test.stats.cores[0]?.pattern).toBe(1)
  })

  it('lets workers beyond it finish what they hold', async () => {
    await using test = await TestScheduler.create({ options: fourWorkers })
    const holding = [1, 2, 3, 4].map((gate) => test.submit('hold', gate))
    for (const gate of [1, 2, 3, 4]) await test.arrival(gate)
    test.scheduler.setPattern(1, 1)
    for (const gate of [1, 2, 3, 4]) test.board.open(gate)
    expect(await Promise.all(holding)).toEqual([1, 2, 3, 4])
  })

  it('opens room for what waits at once', async () => {
    await using test = await TestScheduler.create({ options: { ...fourWorkers, initialPattern: 1, mailboxMax: 1 } })
    const holding = test.submit('hold', 1)
    await test.arrival(1)
    const waiting = test.submit('count', 5)
    expect(test.stateOf(waiting)).toBe('WAITING')
    test.scheduler.setPattern(1, 2)
    expect(await waiting).toBe(5)
    test.board.open(1)
    await holding
  })

  it.each([0, 5, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('of %d is refused with its range', async (pattern) => {
    await using test = await TestScheduler.create({ options: fourWorkers })
    expect(() => test.scheduler.setPattern(1, pattern)).toThrow(/pattern is .*from 1 to 4/)
    expect(test.stats.cores[0]?.pattern).toBe(4)
  })

  it.each([0, 2, 99, 1.5])('of core %d, which is not there, is refused', async (core) => {
    await using test = await TestScheduler.create({ options: fourWorkers })
    expect(() => test.scheduler.setPattern(core, 1)).toThrow(expect.objectContaining({ kind: 'not-found' }))
  })
})
