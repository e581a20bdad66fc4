import { parentPort, workerData } from 'node:worker_threads'
import { assertDefined } from '../../../shared/assert.ts'
import { loadAffinity } from './affinity.ts'

/** A worker that binds itself, reports the Binding, and burns its CPU from one message until the flag is raised. */
export interface BoundWorkerData {
  readonly cpu: number
  /** One Int32: not 0 stops the burning. */
  readonly stop: SharedArrayBuffer
}

const port = assertDefined(parentPort, 'this file runs as a worker thread only')
const { cpu, stop } = workerData as BoundWorkerData
const affinity = loadAffinity()
const binding = affinity.bind(cpu)
affinity.waitForTurn()

port.on('message', () => {
  const flag = new Int32Array(stop)
  while (Atomics.load(flag, 0) === 0);
  port.postMessage(affinity.currentCpu())
})
port.postMessage(binding)
