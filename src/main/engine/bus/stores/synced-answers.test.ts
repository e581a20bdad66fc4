import { expect, test } from 'vitest'
import type { SqliteOutcome } from './sqlite-messages.ts'
import { SyncedAnswers } from './synced-answers.ts'

/** A disk that is synced when the test says so. */
function slowDisk() {
  const syncs: ((error: Error | null) => void)[] = []
  const answered: unknown[] = []
  const failures: string[] = []
  const answers = new SyncedAnswers({
    sync: (done) => syncs.push(done),
    answer: (outcomes) => answered.push(...outcomes.map((outcome) => ('value' in outcome ? outcome.value : null))),
    synced: () => undefined,
    failed: (error) => failures.push(error.message),
  })
  const add = (value: number, wrote = true) => answers.add([{ value } as SqliteOutcome], wrote)
  return { syncs, answered, failures, answers, add }
}

test('nothing is answered before a sync that began after it was committed is over, and then in order', () => {
  const { syncs, answered, answers, add } = slowDisk()
  add(1)
  add(2)
  add(3, false)
  expect([syncs.length, answered]).toEqual([1, []])
  syncs[0]?.(null)
  expect([syncs.length, answered]).toEqual([2, [1]])
  let idle = false
  answers.whenIdle(() => {
    idle = true
  })
  syncs[1]?.(null)
  expect([syncs.length, answered, idle]).toEqual([2, [1, 2, 3], true])
})

test('what wrote nothing is answered at once when nothing is under way', () => {
  const { syncs, answered, add } = slowDisk()
  add(1, false)
  expect([syncs.length, answered]).toEqual([0, [1]])
})

test('after a sync that failed nothing is answered any more', () => {
  const { syncs, answered, failures, add } = slowDisk()
  add(1)
  syncs[0]?.(new Error('I/O error'))
  add(2)
  add(3, false)
  expect([answered, failures]).toEqual([[], ['I/O error']])
})
