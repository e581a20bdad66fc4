import { expect, it } from 'vitest'
import { DecisionLog } from './decision-log.ts'

it('counts every step from pattern to pattern, also of changes that it keeps no more', () => {
  const log = new DecisionLog()
  const rounds = 3000
  for (let round = 0; round < rounds; round++) {
    log.change({ at: round, core: 1, from: 1, to: 2, by: 'Ada', decision: 0 })
    log.change({ at: round, core: 1, from: 2, to: 1, by: 'Ada', decision: 0 })
  }
  expect(log.changes.length).toBeLessThan(2 * rounds)
  expect([...log.steps]).toEqual([
    { core: 1, from: 1, to: 2, times: rounds },
    { core: 1, from: 2, to: 1, times: rounds },
  ])
})
