import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { assertDefined } from '../../src/shared/assert.ts'
import { answerParent } from '../child-process.ts'
import { startScheduler } from '../guardhouse.ts'
import { workerCount } from '../pools/pool.ts'
import { comeToRest } from '../reporting/come-to-rest.ts'

/** Entry of a measuring process, started with --expose-gc: what it holds after few tokens and after many. */

export interface MemoryMeasurement {
  /** Total tokens after which memory is read, ascending. */
  readonly after: readonly number[]
  /** Tokens submitted at once, and all awaited before the next ones. */
  readonly burst: number
}

/** Bytes after forced collections. */
export interface MemoryReading {
  readonly tokens: number
  /** JavaScript heap of the control thread. */
  readonly heapUsed: number
  /** Memory outside of the heap that its objects hold: typed arrays. */
  readonly external: number
  /** Whole process, worker threads and V8's spare pages included. */
  readonly rss: number
}

// Since the start of the process.
const spareThreadMs = 2500

// One collection frees what was reachable; what finalizers let go of goes with the next. The last-resort flavour also gives spare pages of
// the young generation back, which a regular one keeps.
const collections = 4

await answerParent(measure)

async function measure({ after, burst }: MemoryMeasurement): Promise<MemoryReading[]> {
  const { scheduler } = await startScheduler(workerCount)
  const readings: MemoryReading[] = []
  let submitted = 0
  for (const tokens of after) {
    while (submitted < tokens) {
      const count = Math.min(burst, tokens - submitted)
      await Promise.all(Array.from({ length: count }, (_, index) => scheduler.submit('bench.noop', [index]).outcome))
      submitted += count
    }
    readings.push(await readMemory(tokens))
  }
  return readings
}

async function readMemory(tokens: number): Promise<MemoryReading> {
  // A host loads a spare thread a second after its first worker has started: it is part of every reading.
  await sleep(spareThreadMs - performance.now())
  await comeToRest()
  const collect = assertDefined(globalThis.gc, 'the parent passes --expose-gc')
  for (let collection = 0; collection < collections; collection++) {
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    await nextTurn()
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { tokens, heapUsed, external, rss }
}
