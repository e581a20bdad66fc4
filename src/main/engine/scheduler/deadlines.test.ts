import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Deadlines } from './deadlines.ts'

/** On a clock that the test turns; microseconds, as in the engine. */
function makeDeadlines(): Deadlines {
  return new Deadlines(() => performance.now() * 1000)
}

function inMilliseconds(milliseconds: number): number {
  return (performance.now() + milliseconds) * 1000
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('deadlines', () => {
  it('run at their time, the earliest first, whatever the order of adding', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 60 }), (delays) => {
        const deadlines = makeDeadlines()
        const from = performance.now()
        const ran: number[] = []
        for (const delay of delays) {
          deadlines.add(inMilliseconds(delay), () => {
            ran.push(delay)
            expect(performance.now() - from).toBeGreaterThanOrEqual(delay)
          })
        }
        expect(deadlines.size).toBe(delays.length)
        vi.advanceTimersByTime(1001)
        expect(ran).toEqual([...delays].sort((a, b) => a - b))
        expect(deadlines.size).toBe(0)
      }),
    )
  })

  it('added by one that runs take their turn', () => {
    const deadlines = makeDeadlines()
    const ran: string[] = []
    deadlines.add(inMilliseconds(10), () => {
      ran.push('first')
      deadlines.add(inMilliseconds(-5), () => ran.push('overdue'))
      deadlines.add(inMilliseconds(10), () => ran.push('later'))
    })
    vi.advanceTimersByTime(10)
    expect(ran).toEqual(['first', 'overdue'])
    vi.advanceTimersByTime(10)
    expect(ran).toEqual(['first', 'overdue', 'later'])
  })

  it('come in time when an earlier one is added after a later one', () => {
    const deadlines = makeDeadlines()
    const ran: string[] = []
    deadlines.add(inMilliseconds(1000), () => ran.push('late'))
    deadlines.add(inMilliseconds(10), () => ran.push('early'))
    vi.advanceTimersByTime(10)
    expect(ran).toEqual(['early'])
  })

  it('further off than a timer reaches still come', () => {
    const deadlines = makeDeadlines()
    let ran = 0
    const days = 60 * 86_400_000
    deadlines.add(inMilliseconds(days), () => {
      ran += 1
    })
    vi.advanceTimersByTime(days - 1)
    expect(ran).toBe(0)
    vi.advanceTimersByTime(2)
    expect(ran).toBe(1)
  })

  it('never run once they are disposed', () => {
    const deadlines = makeDeadlines()
    deadlines.add(inMilliseconds(10), () => {
      throw new Error('ran after all')
    })
    deadlines.dispose()
    vi.advanceTimersByTime(100)
    expect(vi.getTimerCount()).toBe(0)
  })
})
