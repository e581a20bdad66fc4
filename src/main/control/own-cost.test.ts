import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { OwnCost } from './own-cost.ts'

let cpuTime: number
beforeEach(() => {
  vi.useFakeTimers()
  cpuTime = 0
})
afterEach(() => vi.useRealTimers())

/** Lets the thread work for a share of some time. */
function work(milliseconds: number, share: number): void {
  vi.advanceTimersByTime(milliseconds)
  cpuTime += milliseconds * 1000 * share
}

test('the share is that of the time since the last reading', () => {
  const cost = new OwnCost(() => cpuTime)
  work(1000, 0.5)
  expect(cost.read()).toBeCloseTo(0.5)
  work(1000, 0.1)
  expect(cost.read()).toBeCloseTo(0.1)
})

test('a reading too soon after another repeats it', () => {
  const cost = new OwnCost(() => cpuTime)
  work(1000, 0.5)
  expect(cost.read(1000)).toBeCloseTo(0.5)
  work(10, 1)
  expect(cost.read(1000)).toBeCloseTo(0.5)
  work(990, 1)
  expect(cost.read(1000)).toBeCloseTo(1)
})

test('a share stays between nothing and one core whatever the clocks say', () => {
  const cost = new OwnCost(() => cpuTime)
  work(10, 1.5)
  expect(cost.read()).toBe(1)
  expect(cost.read()).toBe(1)
})

test('this thread has a cost', () => {
  vi.useRealTimers()
  const cost = new OwnCost()
  const end = performance.now() + 30
  while (performance.now() < end) Math.sqrt(end)
  expect(cost.read()).toBeGreaterThan(0)
})
