import { fileURLToPath } from 'node:url'
import workerpool from 'workerpool'
import { type Contender, type Pool, workerCount } from './pool.ts'

export const workerpoolContenders: readonly Contender[] = [
  { library: 'workerpool', setting: 'threads, dedicated script', open: openWorkerpool },
]

async function openWorkerpool(): Promise<Pool> {
  const pool = workerpool.pool(fileURLToPath(new URL('workerpool.worker.mjs', import.meta.url)), {
    workerType: 'thread',
    minWorkers: workerCount,
    maxWorkers: workerCount,
  })
  return {
    // Its own promise class, which is what its users await.
    run: (value) => pool.exec('noop', [value]) as unknown as PromiseLike<unknown>,
  }
}
