import { expect, it } from 'vitest'
import type { PinnedWorker } from '../workers/pinned-worker.ts'
import { ShortWait } from './short-wait.ts'

/** Finds something 10 microseconds after it began to look, each time. */
class MadeUpWorker {
  now = 1e6
  looks = 0

  readonly wait = new ShortWait({ epochWall: 0, now: () => this.now })

  /** Whether it looked. */
  look(expectedRun = 1): boolean {
    const before = this.looks
    this.wait.look(this as unknown as PinnedWorker, expectedRun)
    return this.looks > before
  }

  lookForCompletion(): boolean {
    this.looks += 1
    this.now += 10
    return true
  }
}

it('looks for what is expected soon, and for nothing else', () => {
  const worker = new MadeUpWorker()
  expect(worker.look(10)).toBe(true)
  expect(worker.look(11)).toBe(false)
  expect(worker.look(0)).toBe(false)
})

it('gives the event loop a turn after half a millisecond of looks in a row', () => {
  const worker = new MadeUpWorker()
  let inRow = 0
  while (worker.look()) inRow += 1
  expect(inRow).toBe(50)
  expect(worker.look()).toBe(true)
})

it('looks at once after a pause', () => {
  const worker = new MadeUpWorker()
  expect(worker.look()).toBe(true)
  worker.now += 1e6
  expect(worker.look()).toBe(true)
})
