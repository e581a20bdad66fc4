import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { openLoggedStore } from './logged-store.ts'
import { MemoryStore } from './memory-store.ts'
import { openSqlite } from './open-sqlite.fixture.ts'
import { hasRedisServer, TestRedis } from './redis-server.fixture.ts'
import { RedisStore } from './redis-store.ts'
import { storeConformance } from './tuple-store.conformance.ts'

const folder = () => mkdtemp(join(tmpdir(), 'guardhouse-bus-'))

storeConformance('memory', async () => {
  const store = new MemoryStore()
  return { store, again: null, [Symbol.asyncDispose]: () => store.close() }
})

storeConformance('logged', async () => {
  const path = await folder()
  const { store } = await openLoggedStore({ path: join(path, 'tuples.jsonl') })
  return {
    store,
    again: null,
    [Symbol.asyncDispose]: async () => {
      await store.close()
      await rm(path, { recursive: true })
    },
  }
})

storeConformance('sqlite', async () => {
  const path = await folder()
  const file = join(path, 'tuples.sqlite')
  const store = await openSqlite(file)
  return {
    store,
    again: () => openSqlite(file),
    [Symbol.asyncDispose]: async () => {
      await store.close()
      await rm(path, { recursive: true })
    },
  }
})

describe.skipIf(!hasRedisServer)('on a Redis server', () => {
  storeConformance('redis', async () => {
    const server = await TestRedis.start()
    const store = new RedisStore({ url: server.url })
    return {
      store,
      again: async () => new RedisStore({ url: server.url }),
      [Symbol.asyncDispose]: async () => {
        await store.close()
        await server[Symbol.asyncDispose]()
      },
    }
  })
})
