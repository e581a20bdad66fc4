import { parentPort, workerData } from 'node:worker_threads'
import { MonotonicClock } from './worker-clock.ts'

/** A thread that reads a clock on the epoch of whoever started it. */
export interface ClockReaderData {
  readonly epoch: bigint
  readonly epochWall: number
}

export interface ClockReading {
  readonly now: number
  readonly epochWall: number
}

const { epoch, epochWall } = workerData as ClockReaderData
const clock = new MonotonicClock(epoch, epochWall)
const reading: ClockReading = { now: clock.now(), epochWall: clock.epochWall }
parentPort?.postMessage(reading)
