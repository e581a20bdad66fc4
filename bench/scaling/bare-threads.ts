import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { readTopology, warmUpThreadPool } from '../../src/main/engine/cpu/index.ts'
import { chooseCores } from '../guardhouse.ts'
import { OtherLoad } from '../reporting/other-load.ts'
import type { BareThreadData } from './bare-thread.ts'
import type { ScalingFigure, ScalingMeasurement } from './measurement.ts'

/** The same pieces in plain worker threads, bound the same way and shared out beforehand: what the machine itself can do. */
export async function measureBareThreads({ cores, pieces }: ScalingMeasurement): Promise<ScalingFigure> {
  await warmUpThreadPool()
  const chosen = chooseCores(readTopology(), cores).cores
  const threads = await Promise.all(chosen.map(({ cpu }, index) => startThread(cpu, shareOf(pieces, cores, index))))
  const others = new OtherLoad()
  const from = performance.now()
  for (const thread of threads) thread.postMessage('go')
  await Promise.all(threads.map((thread) => once(thread, 'message')))
  const milliseconds = performance.now() - from
  return { milliseconds, pieceMs: (milliseconds * cores) / pieces, otherLoad: others.coresUsed(), pinning: null }
}

/** Bound, and with its loop compiled. */
async function startThread(cpu: number, pieces: number): Promise<Worker> {
  const workerData: BareThreadData = { cpu, pieces }
  const thread = new Worker(new URL('bare-thread.ts', import.meta.url), { workerData })
  await once(thread, 'message')
  return thread
}

function shareOf(pieces: number, shares: number, index: number): number {
  return Math.floor((pieces * (index + 1)) / shares) - Math.floor((pieces * index) / shares)
}
