import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { until } from '../../scheduler/until.fixture.ts'
import { compileMatcher } from '../matcher.ts'
import { sealTuple } from '../seal-tuple.ts'
import { TupleClock } from '../tuple-clock.ts'
import { openLoggedStore } from './logged-store.ts'
import { MemoryStore } from './memory-store.ts'
import { openSqlite } from './open-sqlite.fixture.ts'
import { hasRedisServer, TestRedis } from './redis-server.fixture.ts'
import { RedisStore } from './redis-store.ts'
import { SqliteStore } from './sqlite-store.ts'
import { storeConformance } from './tuple-store.conformance.ts'
import type { Taken } from './tuple-store.ts'

const replacingProcess = fileURLToPath(new URL('./replacing-process.fixture.ts', import.meta.url))

/** As files were made at first. */
const earlierTables = `
CREATE TABLE tuples (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE,
  lane TEXT,
  yool TEXT,
  body TEXT NOT NULL,
  holder TEXT,
  until INTEGER,
  deliveries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX free_by_lane ON tuples (lane, position) WHERE holder IS NULL;
CREATE INDEX free_by_yool ON tuples (yool, lane, position) WHERE holder IS NULL AND yool IS NOT NULL;
CREATE INDEX lent ON tuples (until) WHERE holder IS NOT NULL;
`

const folder = () => mkdtemp(join(tmpdir(), 'guardhouse-bus-'))

storeConformance('memory', async (maxTuples) => {
  const store = new MemoryStore({ maxTuples })
  return { store, again: null, [Symbol.asyncDispose]: () => store.close() }
})

storeConformance('logged', async (maxTuples) => {
  const path = await folder()
  const { store } = await openLoggedStore({ path: join(path, 'tuples.jsonl'), maxTuples })
  return {
    store,
    again: null,
    [Symbol.asyncDispose]: async () => {
      await store.close()
      await rm(path, { recursive: true })
    },
  }
})

storeConformance('sqlite', async (maxTuples) => {
  const path = await folder()
  const file = join(path, 'tuples.sqlite')
  const store = await openSqlite(file, maxTuples)
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
  storeConformance('redis', async (maxTuples) => {
    const server = await TestRedis.start()
    const store = new RedisStore({ url: server.url, maxTuples })
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

describe('the sqlite store', () => {
  it('puts aside what another program wrote and is no tuple, and goes on with the rest', async () => {
    const path = await folder()
    const file = join(path, 'tuples.sqlite')
    const store = await openSqlite(file)
    try {
      const other = new Database(file)
      other.prepare("INSERT INTO tuples (key, lane, body) VALUES (1, 'a', '{\"half')").run()
      other.close()
      await store.put(sealTuple({ lane: 'a', n: 1 }, new TupleClock()))
      expect((await store.take(compileMatcher({ lane: 'a' }), null))?.tuple.n).toBe(1)
      expect(await store.take(compileMatcher({ lane: 'a' }), null)).toBeNull()
      expect(await store.lanes()).toEqual([{ lane: 'a', waiting: 0, leased: 1 }])
    } finally {
      await store.close()
      await rm(path, { recursive: true })
    }
  })

  it('brings over what an earlier version of the file holds, in order, and what is lent stays lent', async () => {
    const path = await folder()
    const file = join(path, 'tuples.sqlite')
    const made = sealTuple({ lane: 'a', n: 1 }, new TupleClock())
    const before = new Database(file)
    before.exec(earlierTables)
    const insert = before.prepare('INSERT INTO tuples (id, lane, body, holder, until) VALUES (?, ?, ?, ?, ?)')
    insert.run(Buffer.from(made.id.slice(7), 'hex'), 'a', JSON.stringify(made), null, null)
    insert.run('given', 'a', JSON.stringify({ ...made, id: 'given', n: 2 }), null, null)
    insert.run('lent', 'a', JSON.stringify({ ...made, id: 'lent', n: 3 }), 'somebody', 2 ** 52)
    before.close()
    const store = await openSqlite(file)
    const other = await openSqlite(file)
    try {
      expect(await other.put(sealTuple({ id: 'given' }, new TupleClock()))).toBe(false)
      expect(await store.put(made)).toBe(false)
      expect(
        (await store.list(compileMatcher({}), 0, 10)).tuples.map(({ tuple, leased }) => [tuple.n, leased]),
      ).toEqual([
        [1, false],
        [2, false],
        [3, true],
      ])
      expect((await store.take(compileMatcher({ id: made.id }), null))?.tuple.n).toBe(1)
      expect((await other.take(compileMatcher({ lane: 'a' }), null))?.tuple.n).toBe(2)
    } finally {
      await store.close()
      await other.close()
      await rm(path, { recursive: true })
    }
  })

  it('tells whoever meets two ids that it cannot tell apart, and finds neither under the name of the other', async () => {
    const path = await folder()
    const store = await openSqlite(join(path, 'tuples.sqlite'))
    const id = (end: string) => `sha256:${'5'.repeat(13)}${end.repeat(51)}`
    try {
      expect(await store.put(sealTuple({ id: id('a'), n: 1 }, new TupleClock()))).toBe(true)
      const other = sealTuple({ id: id('b'), n: 2 }, new TupleClock())
      await expect(store.put(other)).rejects.toMatchObject({ kind: 'conflict' })
      expect(await store.read(compileMatcher({ id: other.id }))).toBeNull()
      expect((await store.list(compileMatcher({ id: other.id }), 0, 10)).matched).toBe(0)
      expect((await store.take(compileMatcher({ id: id('a') }), null))?.tuple.n).toBe(1)
      expect(await store.put(other)).toBe(true)
    } finally {
      await store.close()
      await rm(path, { recursive: true })
    }
  })

  it.each([
    ['within', 'old'],
    ['after', 'new'],
  ])('has of two tuples just one when whoever replaces one is killed %s the step', async (when, left) => {
    const path = await folder()
    const file = join(path, 'tuples.sqlite')
    const store = await openSqlite(file)
    try {
      await store.put(sealTuple({ id: 'old' }, new TupleClock()))
      const child = spawn(process.execPath, [replacingProcess, file, when], { stdio: 'inherit' })
      const [, signal] = await once(child, 'exit')
      expect(signal).toBe('SIGKILL')
      let taken: Taken | null = null
      await until('its lease is over', async () => {
        taken = await store.take(compileMatcher({}), null)
        return taken !== null
      })
      expect(taken).toMatchObject({ tuple: { id: left } })
      expect(await store.take(compileMatcher({}), null)).toBeNull()
      expect((await store.list(compileMatcher({}), 0, 10)).matched).toBe(0)
    } finally {
      await store.close()
      await rm(path, { recursive: true })
    }
  })

  it('that cannot be opened says which file and why', async () => {
    const path = await folder()
    const file = join(path, 'other.sqlite')
    await writeFile(file, 'this is a letter, not a database, and long enough to be read as one '.repeat(20))
    await expect(openSqlite(file)).rejects.toMatchObject({
      kind: 'not-allowed',
      message: expect.stringContaining(file),
    })
    await rm(path, { recursive: true })
  })

  it('tells everybody who waits for an answer when its thread dies', async () => {
    const entry = new URL('./dying-thread.fixture.ts', import.meta.url)
    const store = await SqliteStore.open({ entry, path: 'none' })
    await expect(store.lanes()).rejects.toThrow('the thread of the tuple store died: on purpose')
    await expect(store.lanes()).rejects.toThrow('died')
    await store.close()
  })
})
