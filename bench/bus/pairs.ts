import { MemoryStore } from '../../src/main/engine/bus/stores/memory-store.ts'
import { SqliteStore } from '../../src/main/engine/bus/stores/sqlite-store.ts'
import { TupleSpace } from '../../src/main/engine/bus/tuple-space.ts'

export interface PairsLoad {
  readonly store: 'memory' | 'sqlite'
  /** Tuples of another lane that are there all the time. */
  readonly residents: number
  /** Takers of lanes to which nothing comes. */
  readonly waiters: number
  readonly pairs: number
  /** Pairs under way at once: one in memory, as in the reference; many where answers wait for the disk. */
  readonly atOnce: number
  readonly path: string
}

/** Where the thread of a SQLite store starts. */
export const tuplesEntry = new URL('../../src/main/engine/bus/stores/sqlite-thread.ts', import.meta.url)

/** Puts and takes; returns pairs in a second. Throws when a tuple that was put is not the one that is taken. */
export async function measurePairs({ store, residents, waiters, pairs, atOnce, path }: PairsLoad): Promise<number> {
  const space = new TupleSpace({
    store: store === 'memory' ? new MemoryStore() : await SqliteStore.open({ entry: tuplesEntry, path }),
  })
  await Promise.all(Array.from({ length: residents }, (_, n) => space.out({ lane: 'other', yool: 'a.b.c', n })))
  for (let n = 0; n < waiters; n++) void space.in({ lane: `idle ${n}` }).catch(() => null)
  let begun = 0
  let sum = 0
  const work = async () => {
    while (begun < pairs) {
      begun += 1
      await space.out({ lane: 'work', yool: 'agent.dev.python', n: 1 })
      const taken = await space.in({ lane: 'work' })
      // Not `sum += await`: that reads the sum before it waits, and what the others add meanwhile is lost.
      sum += Number(taken?.n)
    }
  }
  const from = performance.now()
  await Promise.all(Array.from({ length: atOnce }, work))
  const seconds = (performance.now() - from) / 1000
  if (sum !== pairs) throw new Error(`${pairs} pairs were begun, ${sum} came through`)
  await space.close()
  return pairs / seconds
}
