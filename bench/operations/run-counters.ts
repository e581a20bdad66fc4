import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'

const key = 'guardhouse bench: run counters'
let counters: Int32Array | null = null

/**
 * One counter per token in memory that all threads share, so that a run leaves its trace even when its thread dies before it
 * can tell. Call it on the control thread before the first worker starts: workers inherit the environment data, also those that replace others.
 */
export function shareRunCounters(count: number): Int32Array {
  const shared = new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT)
  setEnvironmentData(key, shared)
  return new Int32Array(shared)
}

/** For operations: this token runs now. */
export function countRun(index: number): void {
  counters ??= new Int32Array(getEnvironmentData(key) as unknown as SharedArrayBuffer)
  Atomics.add(counters, index, 1)
}
