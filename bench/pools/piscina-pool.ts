import { fileURLToPath } from 'node:url'
import { FixedQueue, Piscina } from 'piscina'
import { type Contender, type Pool, workerCount } from './pool.ts'

type Options = ConstructorParameters<typeof Piscina>[0]

// recordTiming off in both: a histogram is not what is measured here, and costs it a little.
export const piscinaContenders: readonly Contender[] = [
  { library: 'piscina', setting: 'FixedQueue', open: () => openPiscina({}) },
  {
    library: 'piscina',
    setting: 'FixedQueue, 32 tasks per worker',
    open: () => openPiscina({ concurrentTasksPerWorker: 32 }),
  },
]

async function openPiscina(options: Options): Promise<Pool> {
  const pool = new Piscina({
    filename: fileURLToPath(new URL('noop.worker.mjs', import.meta.url)),
    minThreads: workerCount,
    maxThreads: workerCount,
    taskQueue: new FixedQueue(),
    recordTiming: false,
    ...options,
  })
  return { run: (value) => pool.run(value) }
}
