import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { GuardhouseError } from '../../shared/errors.ts'
import { Bus, type BusSettings } from '../engine/bus/bus.ts'
import { openLoggedStore } from '../engine/bus/stores/logged-store.ts'
import { MemoryStore } from '../engine/bus/stores/memory-store.ts'
import { SqliteStore } from '../engine/bus/stores/sqlite-store.ts'
import type { TupleStore } from '../engine/bus/stores/tuple-store.ts'
import type { ControlInit } from './control-protocol.ts'
import type { HostScheduler } from './engine-surface.ts'
import { laneScheduler } from './lane-scheduler.ts'

/** Names the store of the bus: `memory`, `log:<file>`, `sqlite:<file>`, or the `redis://` address of a server. */
export const busVariable = 'GUARDHOUSE_BUS'

type Notice = (sentence: string) => void
type StoreInit = Pick<ControlInit, 'host' | 'stateDirectory'>

export interface OpenedBus {
  readonly bus: Bus
  /** What a person should know of the store, one sentence each: of its opening at once, and of whatever comes later. */
  listen(listener: (sentence: string) => void): void
}

/** Opens the store that the environment names, else a SQLite file in the state directory; a demo keeps nothing. */
export async function openBus(
  init: StoreInit,
  tuplesEntry: URL,
  scheduler: HostScheduler,
  settings: Pick<BusSettings, 'admit' | 'laneThrottle'> = {},
): Promise<OpenedBus> {
  const early: string[] = []
  let tell = (sentence: string): void => void early.push(sentence)
  const { liveOptions } = scheduler
  const options = liveOptions.current
  const store = await openStore(init, tuplesEntry, options.busMaxTuples, (sentence) => tell(sentence))
  liveOptions.onChange(() => store.limitTo(options.busMaxTuples))
  return {
    bus: new Bus(store, laneScheduler(scheduler, store.lasting), {
      ...settings,
      patienceMs: () => options.busOutWaitMs,
    }),
    listen: (listener) => {
      tell = listener
      for (const sentence of early.splice(0)) listener(sentence)
    },
  }
}

async function openStore(
  { host, stateDirectory }: StoreInit,
  entry: URL,
  maxTuples: number,
  notice: Notice,
): Promise<TupleStore> {
  const wanted = process.env[busVariable]?.trim() || (host === 'demo' ? 'memory' : '')
  if (wanted === 'memory') return new MemoryStore({ maxTuples })
  if (wanted.startsWith('redis://') || wanted.startsWith('rediss://')) return openRedis(wanted, maxTuples)
  if (wanted.startsWith('log:')) return openLog(resolve(wanted.slice('log:'.length)), maxTuples, notice)
  if (wanted.startsWith('sqlite:')) {
    return SqliteStore.open({ entry, path: resolve(wanted.slice('sqlite:'.length)), maxTuples })
  }
  if (wanted !== '') {
    throw new GuardhouseError('bad-request', `${busVariable} is ${JSON.stringify(wanted)}`, {
      hint: 'It names memory, log:<file>, sqlite:<file> or redis://<server>.',
    })
  }
  try {
    await mkdir(stateDirectory, { recursive: true })
    return await SqliteStore.open({ entry, path: join(stateDirectory, 'bus.sqlite'), maxTuples })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    notice(`The tuples of the bus are kept in memory only and end with this host: ${why}`)
    return new MemoryStore({ maxTuples })
  }
}

/** Its client takes a third of the host's start to load, and most hosts need none. */
async function openRedis(url: string, maxTuples: number): Promise<TupleStore> {
  const { RedisStore } = await import('../engine/bus/stores/redis-store.ts')
  return new RedisStore({ url, maxTuples })
}

async function openLog(path: string, maxTuples: number, notice: Notice): Promise<TupleStore> {
  const { store, replay } = await openLoggedStore({ path, maxTuples, onProblem: notice })
  const [first] = replay.problems
  if (first !== undefined) {
    notice(
      `${replay.skipped} of ${replay.lines} lines of the tuple log were skipped; the first is line ${first.line} of ${first.file}: ${first.why}`,
    )
  }
  return store
}
