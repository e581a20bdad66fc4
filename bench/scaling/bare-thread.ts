import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { loadAffinity } from '../../src/main/engine/cpu/index.ts'
import { assertDefined } from '../../src/shared/assert.ts'
import { fixedWork } from '../operations/fixed-work.ts'

/** Entry of a plain worker thread: does its pieces once to warm up, says so, waits for the word, works, and says so. */

export interface BareThreadData {
  readonly cpu: number
  readonly pieces: number
}

const { cpu, pieces } = workerData as BareThreadData
const parent = assertDefined(parentPort, 'this file is the entry of a thread')
loadAffinity().bind(cpu)
let checksum = 0
for (let piece = 0; piece < pieces; piece++) checksum ^= fixedWork(1)
parent.postMessage(checksum)
await once(parent, 'message')
for (let piece = 0; piece < pieces; piece++) checksum ^= fixedWork(1)
parent.postMessage(checksum)
