import { execFile } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { manyWrites, registeredBy, writeManyWrites, writtenIn } from '../engine/workflow/many-writes.fixture.ts'
import { temporaryFolder } from '../engine/workflow/workspace.fixture.ts'

const run = promisify(execFile)
const commandLine = join(import.meta.dirname, '..', 'cli.ts')

test('8 processes that each run a workflow over one data root number 400 events without a gap, and register each of 50 keys once', async () => {
  using folder = temporaryFolder()
  writeManyWrites(folder.path)
  const dataRoot = join(folder.path, 'data')
  const environment = { ...process.env, XDG_CACHE_HOME: join(folder.path, 'cache') }
  const runs = Array.from({ length: 8 }, async (_, number) => {
    const payload = join(folder.path, `payload-${number}.json`)
    writeFileSync(payload, JSON.stringify({ run: number }))
    const words = ['run', '--wf', manyWrites, '--json', '--payload', payload, '--data-root', dataRoot]
    const { stdout } = await run(process.execPath, [commandLine, ...words, '--workspace', folder.path], {
      env: environment,
    })
    return JSON.parse(stdout)
  })
  const answers = await Promise.all(runs)
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'SUCCESS'))
  const { numbers, keys, runs: writers } = writtenIn(dataRoot)
  expect(numbers).toEqual(Array.from({ length: 400 }, (_, index) => index + 1))
  expect([keys.length, new Set(keys).size, writers]).toEqual([50, 50, 8])
  expect(answers.reduce((sum, { output }) => sum + registeredBy(output), 0)).toBe(50)
  expect(readdirSync(dataRoot).sort()).toEqual(['events.jsonl', 'names.jsonl'])
}, 120_000)
