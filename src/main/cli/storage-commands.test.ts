import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StorageBench } from '../control/storage.fixture.ts'
import { CommandBench, type CommandRun, RecordedTerminal, runCommand } from './command.fixture.ts'
import { commands } from './commands.ts'

const ids = { old: 'a'.repeat(64), array: 'b'.repeat(64), torn: 'c'.repeat(64) }

describe('gc of a catalog by its files', () => {
  let catalog = ''

  beforeEach(() => {
    catalog = mkdtempSync(join(tmpdir(), 'guardhouse-catalog-'))
    for (const folder of ['receipts', 'artifacts']) mkdirSync(join(catalog, folder))
    const artifacts = [{ path: 'artifacts/old.bin', sha256: 'd'.repeat(64), size_bytes: 10, mime: 'text/plain' }]
    const receipt = { id: ids.old, ended_at: '2020-01-01T00:00:00+00:00', artifacts, artifacts_purged_at: null }
    writeFileSync(join(catalog, 'receipts', `${ids.old}.json`), JSON.stringify(receipt))
    writeFileSync(join(catalog, 'receipts', `${ids.array}.json`), '[]')
    writeFileSync(join(catalog, 'receipts', `${ids.torn}.json`), '{"ended_at":')
    writeFileSync(join(catalog, 'artifacts', 'old.bin'), '0123456789')
  })

  afterEach(() => rmSync(catalog, { recursive: true, force: true }))

  const gc = (...words: string[]): Promise<CommandRun> => runCommand(commands, ['gc', ...words])
  const body = () => existsSync(join(catalog, 'artifacts', 'old.bin'))

  it('tells in a dry run what would go, then removes it, and passes over what is no receipt', async () => {
    const dry = await gc('--catalog-dir', catalog, '--dry-run')
    expect([dry.code, JSON.parse(dry.output)]).toMatchObject([
      0,
      { phase1_purged_files: 1, skipped_receipts: 2, dry_run: true },
    ])
    expect(body()).toBe(true)
    const run = await gc('--catalog-dir', catalog, '--json')
    expect([run.code, JSON.parse(run.output)]).toMatchObject([0, { phase1_purged_files: 1, dry_run: false }])
    expect(body()).toBe(false)
  })

  it('answers with nothing for a catalog that is not there', async () => {
    const { code, output } = await gc('--catalog-dir', join(catalog, 'nowhere'))
    expect([code, JSON.parse(output)]).toMatchObject([0, { size_before_mb: 0, phase1_purged_files: 0 }])
  })

  it('is not done when it was asked for wrongly', async () => {
    for (const words of [['--hot-days', 'ten'], ['--max-mb', '-1'], ['--keep', '1'], ['extra']]) {
      const { code, errors } = await gc('--catalog-dir', catalog, ...words)
      expect([code, errors.startsWith('guardhouse: ')], words.join(' ')).toEqual([2, true])
    }
    const file = await gc('--catalog-dir', join(catalog, 'artifacts', 'old.bin'))
    expect([file.code, file.errors]).toEqual([2, expect.stringContaining('is not a folder')])
    expect((await gc('--catalog-dir', '')).code).toBe(2)
    expect(body()).toBe(true)
  })

  it('is not done while the list of pins cannot be read', async () => {
    writeFileSync(join(catalog, 'receipts.pins.json'), '{"half')
    const { code, errors } = await gc('--catalog-dir', catalog)
    expect([code, errors]).toEqual([1, expect.stringContaining('the list of pinned receipts')])
    expect(body()).toBe(true)
  })
})

describe('commands that speak to a host', () => {
  let kept: StorageBench
  let bench: CommandBench

  beforeEach(async () => {
    kept = new StorageBench()
    bench = new CommandBench(commands, { storage: kept.storage })
    await bench.serve()
  })

  afterEach(async () => {
    await bench[Symbol.asyncDispose]()
    await kept[Symbol.asyncDispose]()
  })

  function run(...words: string[]): Promise<CommandRun> {
    bench.terminal = new RecordedTerminal()
    return bench.run(...words)
  }

  async function put(days: number): Promise<string> {
    const at = new Date(Date.now() - days * 86_400_000).toISOString()
    const bodies = [{ content: Buffer.from(`${days}`), mime: 'text/plain' }]
    const draft = {
      yool: 'test.put',
      args: '{}',
      status: 'ok',
      startedAt: at,
      endedAt: at,
      error: null,
      parentId: null,
    }
    return await kept.storage.receipts.put({
      kind: 'plain',
      draft: { ...draft, files: [], env: [], cpuQuotaPct: 100, bodies },
    })
  }

  it('gc collects everything that the host keeps', async () => {
    await put(90)
    const dry = await run('gc', '--dry-run', '--json')
    expect([dry.code, JSON.parse(dry.output)]).toMatchObject([0, { dryRun: true, items: 1, emptiedTotal: 1 }])
    const done = await run('gc')
    expect(done.code).toBe(0)
    expect(done.output).toContain('workflow runs')
    expect(done.errors).toContain('1 things went')
    expect(done.errors).toContain('1 receipts emptied')
  })

  it('receipts lists, shows and verifies', async () => {
    const id = await put(1)
    const list = await run('receipts', '--json')
    expect([list.code, JSON.parse(list.output).rows[0].id]).toEqual([0, id])
    expect((await run('receipts')).errors).toContain('shown 1 of 1 receipts')
    const shown = await run('receipts', 'show', id, '--json')
    expect(JSON.parse(shown.output)).toMatchObject({ id, yool: 'test.put' })
    expect(await run('receipts', 'verify', id)).toMatchObject({ code: 0 })
  })

  it('receipts ends with 1 when the chain is not whole', async () => {
    const id = await put(1)
    writeFileSync(join(kept.catalog, 'receipts', `${id}.json`), '[]')
    const { code, output } = await run('receipts', 'verify', id, '--json')
    expect([code, JSON.parse(output).valid]).toEqual([1, false])
  })

  it('receipts refuses what is no id or no verb', async () => {
    for (const words of [['show', '../../x'], ['verify', 'abc'], ['show'], ['list', 'x'], ['drop', 'x']]) {
      const { code, output } = await run('receipts', ...words)
      expect([code, output], words.join(' ')).toEqual([2, ''])
    }
    expect(await run('receipts', 'show', ids.old)).toMatchObject({ code: 1, output: '' })
  })
})
