import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { GuardhouseError } from '../../shared/errors.ts'
import { Bus } from '../engine/bus/bus.ts'
import { openLoggedStore } from '../engine/bus/stores/logged-store.ts'
import { MemoryStore } from '../engine/bus/stores/memory-store.ts'
import { SqliteStore } from '../engine/bus/stores/sqlite-store.ts'
import type { TupleStore } from '../engine/bus/stores/tuple-store.ts'
import type { ControlInit } from './control-protocol.ts'
import type { HostScheduler } from './engine-surface.ts'
import { laneScheduler } from './lane-scheduler.ts'

/** Names the store of the bus: `memory`, `log:<file>`, `sqlite:<file>`, or the `redis://` address of a server. */
export const busVariable = 'GUARDHOUSE_BUS'

export interface OpenedBus {
  readonly bus: Bus
  /** What a person should know of the opening, one sentence each. */
  readonly notices: readonly string[]
}

/** Opens the store that the environment names, else a SQLite file in the state directory; a demo keeps nothing. */
export async function openBus(init: ControlInit, scheduler: HostScheduler): Promise<OpenedBus> {
  const notices: string[] = []
  const store = await openStore(init, notices)
  return { bus: new Bus(store, laneScheduler(scheduler)), notices }
}

async function openStore({ host, stateDirectory }: ControlInit, notices: string[]): Promise<TupleStore> {
  const wanted = process.env[busVariable]?.trim() || (host === 'demo' ? 'memory' : '')
  if (wanted === 'memory') return new MemoryStore()
  if (wanted.startsWith('redis://') || wanted.startsWith('rediss://')) return openRedis(wanted)
  if (wanted.startsWith('log:')) return openLog(resolve(wanted.slice('log:'.length)), notices)
  if (wanted.startsWith('sqlite:')) return new SqliteStore({ path: resolve(wanted.slice('sqlite:'.length)) })
  if (wanted !== '') {
    throw new GuardhouseError('bad-request', `${busVariable} is ${JSON.stringify(wanted)}`, {
      hint: 'It names memory, log:<file>, sqlite:<file> or redis://<server>.',
    })
  }
  try {
    await mkdir(stateDirectory, { recursive: true })
    return new SqliteStore({ path: join(stateDirectory, 'bus.sqlite') })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    notices.push(`The tuples of the bus are kept in memory only and end with this host: ${why}`)
    return new MemoryStore()
  }
}

/** Its client takes a third of the host's start to load, and most hosts need none. */
async function openRedis(url: string): Promise<TupleStore> {
  const { RedisStore } = await import('../engine/bus/stores/redis-store.ts')
  return new RedisStore({ url })
}

async function openLog(path: string, notices: string[]): Promise<TupleStore> {
  const { store, replay } = await openLoggedStore({ path, onProblem: () => undefined })
  const [first] = replay.problems
  if (first !== undefined) {
    notices.push(
      `${replay.skipped} of ${replay.lines} lines of the tuple log were skipped; the first is line ${first.line} of ${first.file}: ${first.why}`,
    )
  }
  return store
}
