import { fileURLToPath } from 'node:url'
import Tinypool from 'tinypool'
import { type Contender, type Pool, workerCount } from './pool.ts'

export const tinypoolContenders: readonly Contender[] = [
  { library: 'tinypool', setting: 'defaults', open: () => openTinypool(1) },
  { library: 'tinypool', setting: '32 tasks per worker', open: () => openTinypool(32) },
]

async function openTinypool(concurrentTasksPerWorker: number): Promise<Pool> {
  const pool = new Tinypool({
    filename: fileURLToPath(new URL('noop.worker.mjs', import.meta.url)),
    minThreads: workerCount,
    maxThreads: workerCount,
    concurrentTasksPerWorker,
  })
  return { run: (value) => pool.run(value) }
}
