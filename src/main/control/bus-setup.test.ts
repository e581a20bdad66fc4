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

async function open(setting: string, stateDirectory = folder) {
  vi.stubEnv('GUARDHOUSE_BUS', setting)
  const init = { host: 'server', stateDirectory } as const
  const opened = await openBus(init, findEntries().tuples, new FakeScheduler())
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

test('the limit of tuples is the one of the environment', async () => {
  vi.stubEnv('GUARDHOUSE_BUS_MAX_TUPLES', '2')
  const { bus } = await open('memory')
  for (const n of [1, 2]) await bus.space.out({ n })
  await expect(bus.space.out({ n: 3 })).rejects.toMatchObject({ kind: 'overloaded' })
  await bus.close()
})

test.each([
  ['GUARDHOUSE_BUS', 'kafka:somewhere', 'GUARDHOUSE_BUS is "kafka:somewhere"'],
  ['GUARDHOUSE_BUS_MAX_TUPLES', 'many', 'GUARDHOUSE_BUS_MAX_TUPLES is "many"'],
])('a wrong %s is refused by its name', async (name, value, message) => {
  const setting = name === 'GUARDHOUSE_BUS' ? value : 'memory'
  vi.stubEnv(name, value)
  await expect(open(setting)).rejects.toMatchObject({ kind: 'bad-request', message })
})

test('a file that is no database is refused when it was named', async () => {
  const file = join(folder, 'letter.sqlite')
  writeFileSync(file, 'dear reader, this is no database at all '.repeat(40))
  await expect(open(`sqlite:${file}`)).rejects.toMatchObject({ kind: 'not-allowed' })
})
