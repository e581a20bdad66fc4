import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { until } from '../../scheduler/until.fixture.ts'
import { TupleSpace } from '../tuple-space.ts'
import { openSqlite } from './open-sqlite.fixture.ts'
import { hasRedisServer, TestRedis } from './redis-server.fixture.ts'
import { RedisStore } from './redis-store.ts'
import type { TupleStore } from './tuple-store.ts'

const entry = fileURLToPath(new URL('./taking-process.fixture.ts', import.meta.url))
const tuples = 300
const deaths = 6

/** Two processes take; one of them is killed again and again, wherever it happens to be. */
async function takeAndKill(kind: 'sqlite' | 'redis', place: string, store: TupleStore, folder: string) {
  const notes = join(folder, 'notes.txt')
  await writeFile(notes, '')
  const start = () => spawn(process.execPath, [entry, kind, place, notes], { stdio: ['ignore', 'ignore', 'inherit'] })
  const gone = (child: ChildProcess) =>
    new Promise<void>((resolve) =>
      child.exitCode === null && child.signalCode === null ? child.once('exit', () => resolve()) : resolve(),
    )
  const lines = async () => (await readFile(notes, 'utf8')).split('\n').filter((line) => line !== '')
  const space = new TupleSpace({ store })
  const steady = start()
  let victim = start()
  try {
    for (let death = 0; death < deaths; death++) {
      const numbers = Array.from({ length: tuples / deaths }, (_, n) => (death * tuples) / deaths + n)
      const put = numbers.map((n) => space.out({ lane: 'work', n }))
      await until('some of them were handled', async () =>
        (await lines()).some((line) => line.endsWith(` ${numbers[0]}`)),
      )
      victim.kill('SIGKILL')
      await Promise.all([gone(victim), ...put])
      victim = start()
    }
    await until('everything is taken and acknowledged', async () => (await space.list({}, 0, 1)).matched === 0)
    for (let n = 0; n < 2; n++) await space.out({ lane: 'work', n: 'stop' })
    await Promise.all([gone(steady), gone(victim)])
  } finally {
    for (const child of [steady, victim]) child.kill('SIGKILL')
    await space.close()
  }
  return lines()
}

function check(lines: readonly string[]): void {
  const handled = new Set<string>()
  const acknowledged = new Set<string>()
  for (const line of lines) {
    const [what = '', n = ''] = line.split(' ')
    if (what === 'handled') {
      expect(acknowledged.has(n), `tuple ${n} was handed out after its acknowledgement`).toBe(false)
      handled.add(n)
    } else {
      expect(acknowledged.has(n), `tuple ${n} was acknowledged twice`).toBe(false)
      acknowledged.add(n)
    }
  }
  expect(handled.size).toBe(tuples)
}

describe('two processes that take from one space, one of them killed again and again, handle every tuple', () => {
  it('in SQLite', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'guardhouse-two-'))
    try {
      const path = join(folder, 'tuples.sqlite')
      check(await takeAndKill('sqlite', path, await openSqlite(path), folder))
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it.skipIf(!hasRedisServer)('on a Redis server', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'guardhouse-two-'))
    await using server = await TestRedis.start()
    try {
      check(await takeAndKill('redis', server.url, new RedisStore({ url: server.url }), folder))
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
