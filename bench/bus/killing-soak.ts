import { join } from 'node:path'
import { hasRedisServer, TestRedis } from '../../src/main/engine/bus/stores/redis-server.fixture.ts'
import { RedisStore } from '../../src/main/engine/bus/stores/redis-store.ts'
import { SqliteStore } from '../../src/main/engine/bus/stores/sqlite-store.ts'
import { type TakingReport, takeAndKill } from '../../src/main/engine/bus/stores/taking-processes.fixture.ts'
import { tuplesEntry } from './pairs.ts'

export interface KillingReport {
  readonly sqlite: TakingReport
  /** Null where there is no server to start. */
  readonly redis: TakingReport | null
}

/** One of two processes that take from one space is killed so often, in each store that processes share. */
export async function killingSoak(folder: string, deaths: number): Promise<KillingReport> {
  const load = { folder, deaths, tuplesPerDeath: 200 }
  const path = join(folder, 'killing.sqlite')
  const store = await SqliteStore.open({ entry: tuplesEntry, path })
  const sqlite = await takeAndKill({ ...load, kind: 'sqlite', place: path, store })
  if (!hasRedisServer) return { sqlite, redis: null }
  await using server = await TestRedis.start()
  const { url } = server
  return { sqlite, redis: await takeAndKill({ ...load, kind: 'redis', place: url, store: new RedisStore({ url }) }) }
}
