import { Bus } from '../engine/bus/bus.ts'
import { laneDefinition } from '../engine/bus/lanes/lane-definition.ts'
import { SqliteStore } from '../engine/bus/stores/sqlite-store.ts'
import { readTopology, warmUpThreadPool } from '../engine/cpu/index.ts'
import { Journal } from '../engine/journal/journal.ts'
import { Scheduler } from '../engine/scheduler/scheduler.ts'
import { MonotonicClock } from '../engine/workers/worker-clock.ts'
import { findEntries } from '../entries.ts'
import { earlierRun } from './journal-setup.ts'
import { laneScheduler } from './lane-scheduler.ts'

/**
 * A host that a test kills: the scheduler with its journal, and one lane of a SQLite space that it works. Arguments: the journal,
 * the space. It makes more tokens at once than it has workers, so that some wait in the journal when it dies.
 */
const [path = '', space = ''] = process.argv.slice(2)
const clock = new MonotonicClock()
const entries = findEntries()
await warmUpThreadPool()
const limits = { maxRows: 10_000, maxBytes: 2 ** 30, maxDays: 90 }
const journal = await Journal.open({
  entry: entries.journalWriter,
  data: { path, mayMove: false, limits, epochWall: clock.epochWall },
})
const scheduler = Scheduler.create(
  { workersPerCore: 1 },
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
const moduleUrl = new URL('./crash-operations.fixture.ts', import.meta.url).href
scheduler.setOperations([{ operationType: 'crash.tuple', tags: {}, moduleUrl }])
scheduler.takeOver(earlierRun(journal.opened))
journal.attach(scheduler.observer)
await scheduler.start()
const store = await SqliteStore.open({ entry: entries.tuples, path: space })
const bus = new Bus(store, laneScheduler(scheduler, store.lasting))
const settings = { lane: 'work', operation: 'crash.tuple', concurrency: 12, adaptive: false, leaseMs: 1000 }
bus.lanes.set(laneDefinition.parse(settings))
process.send?.('ready')
