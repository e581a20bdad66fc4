import { expect, it } from 'vitest'
import { FuzzRound } from './fuzz-round.fixture.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import { SeededRandom } from './seeded-random.fixture.ts'

const rounds = 2000
/** Repeats a plan that failed; its moments depend on the machine all the same. */
const givenSeed = process.env.GUARDHOUSE_FUZZ_SEED

it(`every token ends and is counted once, in ${rounds} rounds of random commands, deaths and reloads`, async () => {
  const seed = givenSeed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(givenSeed)
  await using test = await TestScheduler.create({
    cores: 2,
    // A short history, so that places in the table are used again all the time.
    options: { workersPerCore: 2, mailboxMax: 6, killGraceMs: 10, historyMax: 150 },
  })
  for (let round = 0; round < rounds; round++) {
    try {
      await new FuzzRound(test, new SeededRandom(seed + round), round).run()
    } catch (error) {
      const state = JSON.stringify(
        test.stats.workers.map(({ core, slot, state, mailboxDepth, running }) => ({
          core,
          slot,
          state,
          mailboxDepth,
          running,
        })),
      )
      throw new Error(`round ${round} failed; repeat with GUARDHOUSE_FUZZ_SEED=${seed + round}; workers: ${state}`, {
        cause: error,
      })
    }
  }
  expect(test.stats.token_pool.total_created).toBeGreaterThan(rounds * 5)
}, 300_000)
