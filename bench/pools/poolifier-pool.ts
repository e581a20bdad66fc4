import { fileURLToPath } from 'node:url'
import type { Worker } from 'node:worker_threads'
import { FixedThreadPool, type PoolOptions } from 'poolifier'
import { type Contender, type Pool, workerCount } from './pool.ts'

export const poolifierContenders: readonly Contender[] = [
  { library: 'poolifier', setting: 'FixedThreadPool', open: () => openPoolifier({}) },
  {
    library: 'poolifier',
    setting: 'FixedThreadPool, tasks queue of 32 at once',
    open: () => openPoolifier({ enableTasksQueue: true, tasksQueueOptions: { concurrency: 32 } }),
  },
]

async function openPoolifier(options: PoolOptions<Worker>): Promise<Pool> {
  const script = fileURLToPath(new URL('poolifier.worker.mjs', import.meta.url))
  const pool = new FixedThreadPool<number, number>(workerCount, script, { enableEvents: false, ...options })
  return { run: (value) => pool.execute(value) }
}
