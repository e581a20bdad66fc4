import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { assertDefined } from '../../shared/assert.ts'
import { isTerminal } from '../../shared/model/token.ts'
import { readTopology, warmUpThreadPool } from '../engine/cpu/index.ts'
import { Journal } from '../engine/journal/journal.ts'
import { MergedTokens } from '../engine/journal/merged-tokens.ts'
import { Scheduler } from '../engine/scheduler/scheduler.ts'
import { MonotonicClock } from '../engine/workers/worker-clock.ts'
import { findEntries } from '../entries.ts'
import type { CrashOrder, TokenEnd } from './crash-rounds.fixture.ts'
import { earlierRun, openReader } from './journal-setup.ts'

/**
 * A host that a test kills: the scheduler with its journal, without what serves them. Under `load` it submits until it is dead and
 * tells of each token once that is on the disk; under `settle` it waits until everything has ended and tells how.
 */
// By message: the ids of a long soak are more than a command line takes.
const [order] = (await once(process, 'message')) as [CrashOrder]
// Built beside this file; see crash-build.fixture.ts.
const moduleUrl = new URL('./crash-operations.fixture.js', import.meta.url).href
const operationTypes = ['crash.once', 'crash.repeatable', 'crash.slowly'] as const

const clock = new MonotonicClock()
const entries = findEntries()
await warmUpThreadPool()
const journal = await Journal.open({
  entry: entries.journalWriter,
  data: {
    path: order.path,
    mayMove: false,
    limits: { maxRows: 10_000_000, maxBytes: 2 ** 40, maxDays: 90 },
    epochWall: clock.epochWall,
  },
})
const scheduler = Scheduler.create(
  { workersPerCore: 1, historyMax: 1000 },
  {
    topology: readTopology(),
    clock,
    workerEntry: entries.worker,
    processEntry: entries.process,
    sdkEntry: entries.sdk,
    startsFolder: journal.opened.startsFolder,
    spareThread: false,
  },
)
scheduler.setOperations(
  operationTypes.map((operationType) => ({
    operationType,
    tags: operationType === 'crash.repeatable' ? { idempotent: true } : {},
    moduleUrl,
  })),
)
scheduler.takeOver(earlierRun(journal.opened))
journal.attach(scheduler.observer)
// Before the first token can end: the reader knows what had ended when it was opened, and is told of every later one.
const tokens = order.work === 'settle' ? await keptTokens() : null
await scheduler.start()
if (order.work === 'load') await load(order)
else await settle(order.ids, assertDefined(tokens, 'they were opened'))

async function keptTokens(): Promise<MergedTokens> {
  const reader = await openReader(journal, entries, clock)
  const { state } = scheduler.observer
  state.table.onEvict = (slot) => reader.evict(state, slot, journal.places)
  return new MergedTokens(scheduler, reader, () => clock.now())
}

async function load({ prefix, file }: Extract<CrashOrder, { work: 'load' }>): Promise<void> {
  let number = 0
  const submitSome = async (count: number) => {
    const accepted: [string, string][] = []
    for (let some = 0; some < count; some++, number++) {
      const key = `${prefix}-${number}`
      const operation = assertDefined(operationTypes[number % operationTypes.length], 'there are some')
      accepted.push([scheduler.idOf(scheduler.submit(operation, [file, key]).sequence), key])
    }
    await journal.durable()
    tell({ type: 'acknowledged', tokens: accepted })
  }
  await submitSome(operationTypes.length)
  // The moment of death is to fall among tokens that run, not into the start of the threads.
  while (scheduler.observer.state.table.live === scheduler.observer.state.table.accepted) await delay(1)
  tell({ type: 'ready', restore: { ...journal.opened.restore, waiting: journal.opened.restore.waiting.length } })
  for (;;) {
    await submitSome(10)
    // A client's pace: without a pause the host would only ever accept, and the last host would have minutes of work left over.
    await delay(20)
  }
}

async function settle(ids: readonly string[], tokens: MergedTokens): Promise<void> {
  while (scheduler.observer.state.table.live > 0) await delay(10)
  await journal.durable()
  const ends: TokenEnd[] = []
  for (const id of ids) {
    const outcome = await tokens.settlement(id).catch(() => null)
    if (outcome === null) ends.push([id, 'lost', null])
    else ends.push([id, isTerminal(outcome.state) ? outcome.state : 'not ended', outcome.error?.kind ?? null])
  }
  tell({ type: 'settled', ends })
}

function tell(message: object): void {
  process.send?.(message)
}
