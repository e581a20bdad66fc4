import { expect, it } from 'vitest'
import type { TestScheduler } from '../scheduler.fixture.ts'
import { SeededRandom } from '../seeded-random.fixture.ts'
import type { TokenHandle } from '../token-handle.ts'
import { until } from '../until.fixture.ts'
import type { Ending } from './tag-operations.fixture.ts'
import { occupyLane, overlapsOf, settled, tagScheduler } from './tags.fixture.ts'

/** The acceptance runs of anchors and domains: a part of them with every test run, the whole with GUARDHOUSE_SOAK=1. */
const whole = process.env.GUARDHOUSE_SOAK === '1'
const laneTokens = whole ? 100_000 : 1_000
const leadTokens = whole ? 10_000 : 600
const longest = 280_000

const anchors = 50
/** Of one anchor in a row, so that the next comes while others of it run and wait. */
const burst = 8
/** Submitted before it is waited for some of them. */
const atOnce = 2_000

function endingOf(random: SeededRandom): Ending {
  return random.weighted({ return: 900, fail: 80, exit: whole ? 0.1 : 2, hang: whole ? 0.2 : 3 })
}

/** What is killed: one of the newest, wherever it is. */
function killSome(test: TestScheduler, tokens: readonly TokenHandle[], random: SeededRandom): void {
  const open = tokens.filter((token) => !token.settled)
  if (open.length > 0) test.commandOn('kill', random.pick(open))
}

function expectNothingLeft(test: TestScheduler): void {
  const { storage, sticky, conductor, retries } = test.stats.tags
  expect({ pins: sticky.pins, waiting: sticky.waiting, domains: conductor.domains, retries: retries.waiting }).toEqual({
    pins: 0,
    waiting: 0,
    domains: 0,
    retries: 0,
  })
  expect(storage.map((tier) => [tier.current_active, tier.waiting])).toEqual(storage.map(() => [0, 0]))
  const { WAITING, ADMITTED, EXECUTING } = test.stats.totals
  expect(WAITING + ADMITTED + EXECUTING).toBe(0)
}

it(
  `${laneTokens} tokens over ${anchors} anchors never overlap, with kills, failures and lost threads`,
  async () => {
    const random = new SeededRandom(Number(process.env.GUARDHOUSE_FUZZ_SEED ?? 4711))
    await using test = await tagScheduler(
      { occupy: { stickyAnchor: 'lane', hashPolicy: 'FAST', retry: { times: 1, delay: 5 }, idempotent: true } },
      { cores: 3, options: { workersPerCore: 3, initialPattern: 3, killGraceMs: 20 } },
    )
    const open: TokenHandle[] = []
    let anchor = 0
    for (let sent = 0; sent < laneTokens; sent++) {
      if (sent % burst === 0) anchor = random.between(0, anchors - 1)
      const ending = endingOf(random)
      const token = occupyLane(test, anchor, ending === 'return' ? random.between(0, 1) : 1, ending)
      // What never ends by itself is killed as soon as it runs.
      if (ending === 'hang')
        void until('it runs', () => token.settled || test.stateOf(token) === 'EXECUTING').then(() =>
          test.commandOn('kill', token),
        )
      open.push(token)
      if (random.chance(0.002)) killSome(test, open, random)
      if (open.length < atOnce) continue
      await settled(open.splice(0, atOnce / 2))
    }
    await settled(open)
    await until('every pin is gone', () => test.stats.tags.sticky.pins === 0)
    const { COMPLETED, FAILED, KILLED } = test.stats.totals
    console.info(`${COMPLETED} completed, ${FAILED} failed, ${KILLED} killed, ${overlapsOf(test)} overlaps`)
    expect(overlapsOf(test)).toBe(0)
    for (const count of [COMPLETED, FAILED, KILLED]) expect(count).toBeGreaterThan(0)
    expectNothingLeft(test)
  },
  longest,
)

it(
  `${leadTokens} nested leads end, and leave no domain`,
  async () => {
    await using test = await tagScheduler(
      { tree: { externalCalls: ['tree'] } },
      { cores: 2, options: { workersPerCore: 2, mailboxMax: 4 } },
    )
    // Seven leads in each tree, three levels deep; forty trees at once.
    const trees = Math.ceil(leadTokens / 7)
    for (let done = 0; done < trees; done += 40) {
      const some = Array.from({ length: Math.min(40, trees - done) }, () => test.submit('tree', 2, 2))
      expect(await Promise.all(some)).toEqual(some.map(() => 7))
    }
    // And one chain, each lead inside the one before.
    const deep = whole ? 2_000 : 100
    expect(await test.submit('tree', deep, 1)).toBe(deep + 1)
    await until('every domain is closed', () => test.stats.tags.conductor.domains === 0)
    expect(test.stats.tags.conductor.opened).toBe(trees * 7 + deep + 1)
    expectNothingLeft(test)
  },
  longest,
)
