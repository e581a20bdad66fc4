import { fileURLToPath } from 'node:url'
import { readTopology, warmUpThreadPool } from '../src/main/engine/cpu/index.ts'
import type { Journal } from '../src/main/engine/journal/journal.ts'
import { Scheduler } from '../src/main/engine/scheduler/scheduler.ts'
import type { RunnableOperation } from '../src/main/engine/scheduler/scheduler-types.ts'
import { MonotonicClock } from '../src/main/engine/workers/worker-clock.ts'
import { versionedUrl } from '../src/main/engine/workspace/module-version.ts'
import { findEntries } from '../src/main/entries.ts'
import { GuardhouseError } from '../src/shared/errors.ts'
import type { CoreInfo, Topology } from '../src/shared/model/core.ts'

export interface BenchScheduler {
  readonly scheduler: Scheduler
  readonly topology: Topology
  readonly clock: MonotonicClock
}

const operations: readonly RunnableOperation[] = [
  operation('bench.noop', 'noop.ops.ts'),
  operation('bench.fixedWork', 'fixed-work.ops.ts'),
  operation('bench.neverEnding', 'never-ending.ops.ts'),
  operation('bench.counted', 'counted.ops.ts'),
]

/**
 * The scheduler as the product makes it, in this thread: default options but for one worker per core and what `options` says,
 * on `cores` cores of this machine. Started, with the operations of this bench.
 */
export async function startScheduler(
  cores: number,
  options: Readonly<Record<string, unknown>> = {},
  journal?: Journal,
): Promise<BenchScheduler> {
  const topology = chooseCores(readTopology(), cores)
  const clock = new MonotonicClock()
  const entries = findEntries()
  // Before the first worker is bound: threads inherit the mask of the one that creates them.
  await warmUpThreadPool()
  const scheduler = Scheduler.create(
    { workersPerCore: 1, ...options },
    {
      topology,
      clock,
      workerEntry: entries.worker,
      processEntry: entries.process,
      sdkEntry: entries.sdk,
      startsFolder: journal?.opened.startsFolder,
    },
  )
  scheduler.setOperations(operations)
  journal?.attach(scheduler.observer)
  await scheduler.start()
  return { scheduler, topology, clock }
}

/** `count` cores of the machine, each on a physical core of its own as long as there are such. Throws `unsupported` on a smaller machine. */
export function chooseCores(topology: Topology, count: number): Topology {
  if (topology.cores.length < count) {
    throw new GuardhouseError(
      'unsupported',
      `this measurement needs ${count} cores, and this process may use ${topology.cores.length}`,
    )
  }
  const seen = new Set<number>()
  const first: CoreInfo[] = []
  const siblings: CoreInfo[] = []
  for (const core of topology.cores) {
    if (seen.has(core.physicalCore)) siblings.push(core)
    else first.push(core)
    seen.add(core.physicalCore)
  }
  const chosen = [...first, ...siblings].slice(0, count)
  return {
    ...topology,
    cores: chosen.map((core, index) => ({ ...core, core: index + 1 })),
    physicalCores: new Set(chosen.map((core) => core.physicalCore)).size,
    usableCores: Math.min(topology.usableCores, count),
  }
}

function operation(operationType: string, module: string): RunnableOperation {
  const path = fileURLToPath(new URL(`operations/${module}`, import.meta.url))
  return { operationType, tags: {}, moduleUrl: versionedUrl(path, 'bench') }
}
