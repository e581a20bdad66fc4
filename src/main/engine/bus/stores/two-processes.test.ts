import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { until } from '../../scheduler/until.fixture.ts'
import { TupleSpace } from '../tuple-space.ts'
import { openSqlite } from './open-sqlite.fixture.ts'
import { hasRedisServer, TestRedis } from './redis-server.fixture.ts'
import { RedisStore } from './redis-store.ts'
import { type TakingReport, takeAndKill } from './taking-processes.fixture.ts'

/** A few; `npm run bench:bus -- --soak` kills many more. */
const few = { deaths: 3, tuplesPerDeath: 40 }

/** Nothing is lost; again comes only what a dead process held, and on a busy machine what a living one held too long. */
function expectFewAgain(report: TakingReport): void {
  expect(report).toMatchObject({ handled: 120, faults: [] })
  expect(report.again).toBeLessThan(30)
}

describe('two processes that take from one space, one of them killed again and again, handle every tuple', () => {
  it('in SQLite', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'guardhouse-two-'))
    try {
      const path = join(folder, 'tuples.sqlite')
      const load = { kind: 'sqlite', place: path, store: await openSqlite(path), folder, ...few } as const
      expectFewAgain(await takeAndKill(load))
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it.skipIf(!hasRedisServer)('on a Redis server', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'guardhouse-two-'))
    await using server = await TestRedis.start()
    try {
      const store = new RedisStore({ url: server.url })
      const load = { kind: 'redis', place: server.url, store, folder, ...few } as const
      expectFewAgain(await takeAndKill(load))
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe.skipIf(!hasRedisServer)('a Redis server that goes away', () => {
  it('is a clear error for whoever asks, nothing for whoever waits, and all is there when it comes back', async () => {
    await using server = await TestRedis.start()
    const space = new TupleSpace({ store: new RedisStore({ url: server.url, patienceMs: 200 }) })
    await space.out({ lane: 'kept', n: 1 })
    const waiting = space.in({ lane: 'later' })
    await server.goAway()
    await expect(space.out({ lane: 'later', n: 2 })).rejects.toMatchObject({
      kind: 'disconnected',
      message: expect.stringContaining('does not answer'),
    })
    await server.comeBack()
    await until('it can be used again', async () => space.out({ lane: 'later', n: 3 }).then(Boolean, () => false))
    expect(await waiting).toMatchObject({ lane: 'later' })
    expect(await space.inp({ lane: 'kept' })).toMatchObject({ n: 1 })
    await space.close()
  })
})
