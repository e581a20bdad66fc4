import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findEntries } from '../entries.ts'
import { openBus } from './bus-setup.ts'
import { FakeScheduler } from './fake-engine.fixture.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardhouse-bus-'))
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

async function open(setting: string, stateDirectory = folder, scheduler = new FakeScheduler()) {
  vi.stubEnv('GUARDHOUSE_BUS', setting)
  const init = { host: 'server', stateDirectory } as const
  const opened = await openBus(init, findEntries().tuples, scheduler)
  const notices: string[] = []
  opened.listen((notice) => notices.push(notice))
  return { ...opened, notices }
}

test('without a setting tuples are kept in the state directory, and are there again', async () => {
  const first = await open('')
  await first.bus.space.out({ n: 1 })
  await first.bus.close()
  const second = await open('')
  expect(second.bus.space.store.name).toBe('sqlite')
  expect((await second.bus.space.all()).map(({ n }) => n)).toEqual([1])
  await second.bus.close()
})

test('a state directory that cannot be used is told, and the tuples are kept in memory', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const { bus, notices } = await open('', join(file, 'state'))
  expect(bus.space.store.name).toBe('memory')
  expect(notices).toEqual([expect.stringContaining('are kept in memory only')])
  await bus.close()
})

test('a log that a crash cut in half is told with its line, and the rest is there', async () => {
  const log = join(folder, 'tuples.jsonl')
  const first = await open(`log:${log}`)
  await first.bus.space.out({ n: 1 })
  await first.bus.close()
  appendFileSync(log, '{"op": "out", "at": "2026-0')
  const { bus, notices } = await open(`log:${log}`)
  expect((await bus.space.all()).map(({ n }) => n)).toEqual([1])
  expect(notices).toEqual([
    expect.stringMatching(/^1 of 2 lines of the tuple log were skipped; the first is line 2 of /),
  ])
  await bus.close()
})

test('the options of the bus hold at once: what it may hold, and how long a producer waits for room', async () => {
  const scheduler = new FakeScheduler()
  scheduler.liveOptions.set({ busMaxTuples: 1, busOutWaitMs: 0 })
  const { bus } = await open('memory', folder, scheduler)
  await bus.space.out({ n: 1 })
  await expect(bus.space.out({ n: 2 })).rejects.toMatchObject({ kind: 'overloaded' })
  scheduler.liveOptions.set({ busOutWaitMs: 60_000 })
  const waiting = bus.space.out({ n: 3 })
  scheduler.liveOptions.set({ busMaxTuples: 2 })
  await waiting
  expect((await bus.space.all()).map(({ n }) => n)).toEqual([1, 3])
  await bus.close()
})

test('a wrong store is refused by its name', async () => {
  await expect(open('kafka:somewhere')).rejects.toMatchObject({
    kind: 'bad-request',
    message: 'GUARDHOUSE_BUS is "kafka:somewhere"',
  })
})

test('a file that is no database is refused when it was named', async () => {
  const file = join(folder, 'letter.sqlite')
  writeFileSync(file, 'dear reader, this is no database at all '.repeat(40))
  await expect(open(`sqlite:${file}`)).rejects.toMatchObject({ kind: 'not-allowed' })
})
