import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContractClient } from '../../shared/contract/client.ts'
import { HostBench } from './host.fixture.ts'
import { StorageBench } from './storage.fixture.ts'

const someId = 'a'.repeat(64)
let kept: StorageBench
let bench: HostBench
let client: ContractClient

function open(prepare?: (catalog: string) => void): void {
  kept = new StorageBench(prepare)
  bench = new HostBench({ storage: kept.storage })
  client = bench.client()
}

beforeEach(() => open())

afterEach(async () => {
  await bench[Symbol.asyncDispose]()
  await kept[Symbol.asyncDispose]()
})

/** Ended so many days ago, with one body. */
async function put(days: number, text = `body of ${days} days`): Promise<string> {
  const at = new Date(Date.now() - days * 86_400_000).toISOString()
  const body = { content: Buffer.from(text).toString('base64'), mime: 'text/plain' }
  const receipt = { yool: 'test.put', args: `{"days":${days}}`, startedAt: at, endedAt: at, bodies: [body] }
  return (await client.call('receipts.put', receipt)).id
}

async function bodiesOf(id: string): Promise<string[]> {
  return (await client.call('receipts.get', { id })).artifacts.map(({ state }) => state)
}

describe('receipts over the contract', () => {
  it('are put, found, shown, verified, and their artifacts read', async () => {
    const id = await put(1, 'some text')
    const { rows, matched, kept: total, lost } = await client.call('receipts.query', { filter: { yool: 'test.put' } })
    expect([rows.map((row) => row.id), matched, total, lost]).toEqual([[id], 1, 1, 0])
    const { text, artifacts } = await client.call('receipts.get', { id })
    expect(JSON.parse(text)).toMatchObject({ id, args: { days: 1 } })
    const sha256 = artifacts[0]?.sha256 ?? ''
    const artifact = await client.call('receipts.artifact', { id, sha256, maxBytes: 4 })
    expect(artifact).toMatchObject({ bytes: 9, truncated: true, content: Buffer.from('some').toString('base64') })
    expect(await client.call('receipts.verify', { id })).toMatchObject({ valid: true, receipts: 1, bodies: 1 })
    expect((await client.call('receipts.graph', { id })).nodes).toMatchObject([{ id }])
    expect(await client.call('receipts.ofToken', { token: 'none' })).toEqual({ id: null })
  })

  it('refuse what is no id, before any path is made of it', async () => {
    for (const id of ['../../etc/passwd', `${'a'.repeat(63)}/`, 'A'.repeat(64), '']) {
      for (const method of ['receipts.get', 'receipts.verify', 'receipts.graph'] as const) {
        await expect(client.call(method, { id }), `${method} ${id}`).rejects.toMatchObject({ kind: 'bad-request' })
      }
    }
    await expect(client.call('receipts.get', { id: someId })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(client.call('receipts.pin', { ids: ['../x'], pinned: true })).rejects.toMatchObject({
      kind: 'bad-request',
    })
  })

  it('refuse arguments that are no JSON object, and times without an offset', async () => {
    const good = { yool: 'a.b', args: '{}', startedAt: '2026-05-19T17:30:00Z', endedAt: '2026-05-19T17:30:01Z' }
    for (const wrong of [{ args: '[1]' }, { args: '{"half' }, { endedAt: '2026-05-19T17:30:01' }]) {
      await expect(client.call('receipts.put', { ...good, ...wrong })).rejects.toMatchObject({ kind: 'bad-request' })
    }
    expect(await client.call('receipts.query', {})).toMatchObject({ kept: 0 })
  })

  it('are pinned by name and reason, which the activity log keeps', async () => {
    const id = await put(90)
    expect(await client.call('receipts.pin', { ids: [id], pinned: true, reason: 'for the audit' })).toMatchObject({
      changed: 1,
    })
    expect(JSON.parse(readFileSync(join(kept.catalog, 'receipts.pins.json'), 'utf8'))[id]).toMatchObject({
      reason: 'for the audit',
    })
    await client.call('storage.collect', {})
    expect(await bodiesOf(id)).toEqual(['kept'])
    await client.call('receipts.pin', { ids: [id], pinned: false })
    await client.call('storage.collect', {})
    expect(await bodiesOf(id)).toEqual(['purged'])
  })

  it('pass over files that are none: an array, one cut in half, and say so when asked for them', async () => {
    const [array, torn] = ['b'.repeat(64), 'c'.repeat(64)]
    await bench[Symbol.asyncDispose]()
    await kept[Symbol.asyncDispose]()
    open((catalog) => {
      writeFileSync(join(catalog, 'receipts', `${array}.json`), '[1, 2]')
      writeFileSync(join(catalog, 'receipts', `${torn}.json`), '{"id":"cc')
    })
    const id = await put(1)
    expect((await client.call('receipts.query', {})).rows.map((row) => row.id)).toEqual([id])
    for (const each of [array, torn]) {
      await expect(client.call('receipts.get', { id: each })).rejects.toMatchObject({
        kind: 'conflict',
        message: expect.stringContaining('holds no receipt'),
      })
    }
    const { parts } = await client.call('storage.collect', {})
    expect(parts.flatMap(({ notes }) => notes).join()).toContain('2 files in the folder of receipts are no receipts')
    expect(readdirSync(join(kept.catalog, 'receipts')).sort()).toEqual(
      [`${id}.json`, `${array}.json`, `${torn}.json`].sort(),
    )
  })
})

describe('storage over the contract', () => {
  it('tells what is kept by kind, and what a collection would remove, without touching it', async () => {
    const [old, young] = [await put(90), await put(1)]
    const { kinds, problems, policy, running } = await client.call('storage.status', {})
    expect(kinds.map(({ kind }) => kind)).toEqual([
      'leftovers',
      'receipts',
      'artifacts',
      'tuple log',
      'receipt index',
      'workflow runs',
    ])
    expect(kinds.find(({ kind }) => kind === 'artifacts')?.items).toBe(2)
    expect([problems, policy.hotDays, running]).toEqual([[], 30, null])
    const preview = await client.call('storage.preview', {})
    expect(preview).toMatchObject({ dryRun: true, items: 1, emptiedTotal: 1, emptied: [{ id: old, phase: 'age' }] })
    expect([...(await bodiesOf(old)), ...(await bodiesOf(young))]).toEqual(['kept', 'kept'])
  })

  it('collects with the limits that are given, and writes down who did', async () => {
    const id = await put(5)
    expect(await client.call('storage.collect', { hotDays: 3, reason: 'room' })).toMatchObject({ items: 1 })
    expect(await bodiesOf(id)).toEqual(['purged'])
    expect(await client.call('receipts.verify', { id })).toMatchObject({ valid: true, purgedBodies: 1 })
    const { entries } = await client.call('audit.query', {})
    expect(entries[0]).toMatchObject({ action: 'collect storage', reason: 'room' })
    expect((await client.call('storage.status', {})).last).toMatchObject({ items: 1, cause: 'window' })
  })

  it('refuses limits that are none', async () => {
    for (const wrong of [{ hotDays: -1 }, { maxTotalMiB: 'all' }, { cap: 5 }]) {
      await expect(client.call('storage.preview', wrong as object)).rejects.toMatchObject({ kind: 'bad-request' })
    }
  })

  it('says that nothing runs, and cancels nothing then', async () => {
    expect(await client.call('storage.progress', {})).toEqual({ running: null })
    expect(await client.call('storage.cancel', {})).toMatchObject({ cancelled: false })
  })

  it('is not to be had where nothing is kept', async () => {
    await using bare = new HostBench()
    await expect(bare.client().call('storage.status', {})).rejects.toMatchObject({ kind: 'unsupported' })
    expect(existsSync(kept.catalog)).toBe(true)
  })
})
