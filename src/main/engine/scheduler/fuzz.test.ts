import { expect, it } from 'vitest'
import { FuzzRound } from './fuzz-round.fixture.ts'
import { runnableOperations, TestScheduler } from './scheduler.fixture.ts'
import { SeededRandom } from './seeded-random.fixture.ts'

const roundsEach = 500
/** Each with a scheduler of its own. */
const stops = 40
/** Repeats a plan that failed; its moments depend on the machine all the same. */
const givenSeed = process.env.GUARDHOUSE_FUZZ_SEED

interface Shape {
  readonly cores: number
  /** With a tag of every kind. */
  readonly tagged?: boolean
  readonly [option: string]: unknown
}

/** Shapes that press on different parts: sharing, one worker alone, full cores, mailboxes of one. */
const shapes: readonly Shape[] = [
  { cores: 2, workersPerCore: 2, mailboxMax: 6 },
  { cores: 1, workersPerCore: 1, mailboxMax: 2 },
  { cores: 3, workersPerCore: 1, mailboxMax: 4, strategy: 'counting', overflow: 'reject', stealing: false },
  { cores: 2, workersPerCore: 3, mailboxMax: 1, overflow: 'spill', stealBudgetMs: 1000 },
  { cores: 2, workersPerCore: 2, mailboxMax: 3, storageSlow: 2, tagged: true },
]

/** Tags that let tokens wait for each other in every way there is. None lets a token wait for itself. */
const everyTag = {
  'count.light': { storageSpeed: 'SLOW' },
  'count.async': { stickyAnchor: 'async', hashPolicy: 'NONE' },
  'count.heavy': { stickyAnchor: 'heavy', hashPolicy: 'NONE', storageSpeed: 'SLOW' },
  rest: { stickyAnchor: 'gate' },
  hang: { stickyAnchor: 'gate' },
  listen: { storageSpeed: 'SLOW' },
  lead: { externalCalls: ['count'] },
  'lead.slow': { externalCalls: ['count'], storageSpeed: 'SLOW' },
  nest: { externalCalls: ['nest'], digestPolicy: 'MINIMAL' },
  fail: { retry: { times: 2, delay: 1 }, idempotent: true },
  exit: { retry: { times: 1, delay: 3 }, idempotent: true, stickyAnchor: 'gate' },
} as const

/** By the tags `retry` above. */
function mostRuns(tagged: boolean | undefined): number {
  return tagged === true ? 3 : 1
}

// Long for a machine that does other things: alone it takes a quarter of a minute each.
const longest = 200_000

it.each(shapes)(
  `every token ends and is counted once, in ${roundsEach} rounds of random commands, deaths and reloads (%j)`,
  async ({ cores, tagged, ...shape }: Shape) => {
    const seed = givenSeed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(givenSeed)
    await using test = await TestScheduler.create({
      cores,
      operations: runnableOperations(tagged === true ? everyTag : {}),
      // A short history, so that places in the table are used again all the time.
      options: { ...shape, initialPattern: 1, killGraceMs: 10, historyMax: 150 },
    })
    for (let round = 0; round < roundsEach; round++) {
      try {
        await new FuzzRound(test, new SeededRandom(seed + round), round, mostRuns(tagged)).run()
      } catch (error) {
        const how = `round ${round} failed; repeat it with GUARDHOUSE_FUZZ_SEED=${seed + round}`
        throw new Error(`${how}\n${await whatIsLeft(test)}`, { cause: error })
      }
    }
    const { COMPLETED, FAILED, KILLED, TIMEOUT } = test.stats.totals
    const replaced = test.stats.workers.reduce((sum, worker) => sum + worker.restarts, 0)
    console.log(
      `${roundsEach} rounds: ${COMPLETED} completed, ${FAILED} failed, ${KILLED} killed, ${TIMEOUT} timed out, ${replaced} threads replaced`,
    )
    for (const count of [COMPLETED, FAILED, KILLED, TIMEOUT, replaced]) expect(count).toBeGreaterThan(0)
  },
  longest,
)

it(`every token ends when the scheduler is stopped at a random moment, in ${stops} rounds`, async () => {
  const seed = givenSeed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(givenSeed)
  for (let round = 0; round < stops; round++) {
    const random = new SeededRandom(seed + round)
    const { cores, tagged, ...shape } = random.pick(shapes)
    const test = await TestScheduler.create({
      cores,
      operations: runnableOperations(tagged === true ? everyTag : {}),
      started: random.chance(0.9),
      options: { ...shape, killGraceMs: 10 },
    })
    try {
      await new FuzzRound(test, random, round, mostRuns(tagged)).stopInTheMiddle()
    } catch (error) {
      const how = `round ${round} failed; repeat it with GUARDHOUSE_FUZZ_SEED=${seed + round}`
      throw new Error(`${how}\n${await whatIsLeft(test)}`, { cause: error })
    }
  }
})

/** Every worker and every token that has not ended, for whoever looks for the fault. */
async function whatIsLeft(test: TestScheduler): Promise<string> {
  const workers = test.stats.workers.map(
    ({ core, slot, state, mailboxDepth, running }) =>
      `worker ${core}/${slot} ${state}, ${mailboxDepth} tokens, runs ${running}`,
  )
  const states = ['CREATED', 'WAITING', 'ADMITTED', 'EXECUTING'] as const
  const { rows } = await test.scheduler.query(
    { states: [...states] },
    { by: 'sequence', direction: 'ascending' },
    0,
    100,
  )
  const tokens = rows.map(({ id, state, core, slot, parent, held }) => {
    const { waitingBecause, actions } = test.scheduler.detail(id)
    return `${id} ${state} on ${core}/${slot}, child of ${parent}, held ${held}, ${waitingBecause}, ${JSON.stringify(actions)}`
  })
  return [...workers, ...tokens].join('\n')
}
