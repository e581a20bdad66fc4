import { expect, test } from 'vitest'
import { crashRounds } from './crash-rounds.fixture.ts'

const rounds = 50

test(`after ${rounds} hosts killed under load every acknowledged token is accounted for exactly once`, async () => {
  const tally = await crashRounds(rounds, Math.random, () => undefined)
  expect(tally.faults).toEqual([])
  // Were nothing ever caught in the middle, nothing would have been tested.
  expect(tally.interrupted).toBeGreaterThan(0)
  expect(tally.waitedAtRestart).toBeGreaterThan(0)
  expect(tally.completed + tally.interrupted).toBe(tally.acknowledged)
}, 600_000)
