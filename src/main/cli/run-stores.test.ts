import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { insteadOf } from '../engine/system/instead-of.fixture.ts'
import { manyWrites, writeManyWrites } from '../engine/workflow/many-writes.fixture.ts'
import { temporaryFolder, writeText } from '../engine/workflow/workspace.fixture.ts'
import { runCommand as runWords } from './command.fixture.ts'
import { runCommand } from './run-command.ts'

test('guardhouse run keeps its stores as it is told: lines mended, records synced, indexes outside of the data root', async () => {
  using folder = temporaryFolder()
  writeManyWrites(folder.path)
  const data = join(folder.path, 'data')
  const words = ['run', '--wf', manyWrites, '--data-root', data, '--workspace', folder.path]
  const open = '{"record": 0}\n'.repeat(4000).trimEnd()
  let synced = 0
  using _counted = insteadOf('fsyncSync', (sync) => (file: number) => {
    sync(file)
    synced += 1
  })
  const linesAfter = async (...more: readonly string[]): Promise<number> => {
    synced = 0
    writeText(join(data, 'events.jsonl'), open)
    const { code } = await runWords([runCommand], [...words, ...more], { XDG_CACHE_HOME: join(folder.path, 'cache') })
    expect(code).toBe(0)
    return readFileSync(join(data, 'events.jsonl'), 'utf8').trimEnd().split('\n').length
  }
  expect([await linesAfter(), synced]).toEqual([4049, 0])
  expect([await linesAfter('--mend-lines'), synced]).toEqual([4050, 0])
  // The keys are there already.
  expect([await linesAfter('--durable'), synced]).toEqual([4049, 50])
  expect(readdirSync(data).sort()).toEqual(['events.jsonl', 'names.jsonl'])
  expect(readdirSync(join(folder.path, 'cache', 'guardhouse', 'store-indexes'))).toHaveLength(1)
})
