import { PinnedWorker, type WorkerOwner } from '../workers/pinned-worker.ts'
import { ringCapacityFor } from '../workers/ring.ts'
import type { ThreadSource } from '../workers/thread-source.ts'
import type { WorkerSettings } from '../workers/worker-thread.ts'
import { CoreState, shortMailboxMax } from './core-state.ts'
import type { SchedulerOptions } from './options.ts'
import type { SchedulerEnvironment } from './scheduler-types.ts'

/** Room for payloads that travel in place, bytes for each ring. */
const arenaBytes = 1 << 18

/** Every core with all the workers it can have; their threads start when they are needed. */
export function makeCores(
  options: SchedulerOptions,
  { topology, clock, processEntry, sdkEntry, codeCache, startsFolder, workerQuota }: SchedulerEnvironment,
  threads: ThreadSource,
  owner: WorkerOwner,
): CoreState[] {
  const settings: WorkerSettings = {
    size: { capacity: ringCapacityFor(shortMailboxMax(options.mailboxMax) * 2), arenaBytes },
    threads,
    processes: { entry: processEntry, sdkEntry, codeCache, heapMiB: () => options.workerHeapMiB },
    clock,
    mayWatch: topology.cores.length > 1,
    startsFolder,
    quota: workerQuota?.shared,
  }
  return topology.cores.map(({ core, cpu }) => {
    const workers = Array.from(
      { length: options.workersPerCore },
      (_, slot) => new PinnedWorker({ core, slot, cpu }, settings, owner),
    )
    return new CoreState(core, cpu, workers, options.initialPattern, options.mailboxMax)
  })
}
