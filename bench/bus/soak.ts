import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { openLoggedStore } from '../../src/main/engine/bus/stores/logged-store.ts'
import { TupleSpace } from '../../src/main/engine/bus/tuple-space.ts'

export interface SoakReport {
  readonly tuples: number
  readonly perSecond: number
  /** Used heap after collection, at a tenth of the way and at the end, MiB. */
  readonly heapAtTenth: number
  readonly heapAtEnd: number
  readonly parts: number
  readonly lines: number
  readonly left: number
  readonly replaySeconds: number
  /** Whether the log gives back exactly the space that was left. */
  readonly same: boolean
}

/** So many tuples through a logged space; every thousandth stays. Run with --expose-gc. */
export async function soak(path: string, tuples: number): Promise<SoakReport> {
  const { store } = await openLoggedStore({ path, maxBytes: 32 << 20 })
  const space = new TupleSpace({ store })
  const heap = () => {
    globalThis.gc?.()
    return process.memoryUsage().heapUsed / 2 ** 20
  }
  const batch = 500
  let heapAtTenth = 0
  const from = performance.now()
  for (let n = 0; n < tuples; n += batch) {
    const numbers = Array.from({ length: batch }, (_, index) => n + index)
    await Promise.all(numbers.map((number) => space.out({ lane: number % 1000 === 0 ? 'stays' : 'passes', n: number })))
    await Promise.all(numbers.map((number) => (number % 1000 === 0 ? null : space.in({ lane: 'passes' }))))
    if (n === tuples / 10) heapAtTenth = heap()
  }
  const seconds = (performance.now() - from) / 1000
  const heapAtEnd = heap()
  const left = await space.all()
  await space.close()
  const began = performance.now()
  const { store: again, replay } = await openLoggedStore({ path })
  const replaySeconds = (performance.now() - began) / 1000
  const restored = await new TupleSpace({ store: again }).all()
  await again.close()
  const parts = (await readdir(dirname(path))).length
  const same = JSON.stringify(restored) === JSON.stringify(left) && replay.skipped === 0
  return {
    ...{ tuples, perSecond: tuples / seconds, heapAtTenth, heapAtEnd, parts },
    ...{ lines: replay.lines, left: left.length, replaySeconds, same },
  }
}
