import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findEntries } from '../../entries.ts'
import { ReceiptsClient } from './receipts-client.ts'
import type { PlainDraft } from './store-messages.ts'
import type { TokenFacts } from './token-receipt.ts'

class TestClient implements AsyncDisposable {
  readonly folder: string
  readonly notices: string[] = []
  readonly client: ReceiptsClient

  constructor(folder = mkdtempSync(join(tmpdir(), 'guardhouse-receipts-'))) {
    this.folder = folder
    this.client = new ReceiptsClient(findEntries().receipts, folder, (text) => this.notices.push(text))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const facts: TokenFacts = {
  token: 'image.resize_1',
  operation: 'image.resize',
  values: [{ width: 640 }],
  code: { module: 'image.ops.ts', sha256: 'c'.repeat(64), workspace: '0123456789abcdef' },
  parentToken: null,
  state: 'COMPLETED',
  result: { done: true, at: new Date(0) },
  error: null,
  createdAt: 1_780_000_000_000_000,
  startedAt: 1_780_000_000_000_500,
  endedAt: 1_780_000_000_001_500,
  core: 2,
  slot: 0,
  attempts: 1,
  actions: [],
  answeredFrom: null,
  cpuQuotaPct: 100,
}

const draft: PlainDraft = {
  yool: 'agent.test',
  args: '{"x":1.0}',
  status: 'ok',
  startedAt: '2026-05-19T17:30:00Z',
  endedAt: '2026-05-19T17:30:01Z',
  error: null,
  parentId: null,
  files: [],
  env: [],
  cpuQuotaPct: 100,
  bodies: [],
}

describe('the receipt of a token', () => {
  it('tells what ran where and on what code, and answers the same call', async () => {
    await using test = new TestClient()
    const id = await test.client.put({ kind: 'token', facts })
    const { text, token, status } = await test.client.ask('detail', id)
    expect({ token, status }).toEqual({ token: 'image.resize_1', status: 'ok' })
    expect(JSON.parse(text)).toMatchObject({
      args: { arguments: [{ width: 640 }] },
      run: { core: 2, attempts: 1, code_sha256: 'c'.repeat(64), module: 'image.ops.ts' },
    })
    const answer = await test.client.ask('answer', facts)
    expect(answer.hit).toEqual({ receipt: id, value: { done: true, at: new Date(0) } })
  })

  it.each<[string, Partial<TokenFacts>]>([
    ['other arguments', { values: [{ width: 641 }] }],
    ['another module', { code: { module: 'image.ops.ts', sha256: 'd'.repeat(64), workspace: '0123456789abcdef' } }],
    [
      'another helper file',
      { code: { module: 'image.ops.ts', sha256: 'c'.repeat(64), workspace: 'fedcba9876543210' } },
    ],
    ['another operation', { operation: 'image.crop' }],
  ])('does not answer a call with %s', async (_what, changes) => {
    await using test = new TestClient()
    await test.client.put({ kind: 'token', facts })
    expect((await test.client.ask('answer', { ...facts, ...changes })).hit).toBeNull()
  })

  it('of a failed token answers nobody, and says why it failed', async () => {
    await using test = new TestClient()
    const error = { kind: 'operation-failed', name: 'RangeError', message: 'too wide' } as const
    const id = await test.client.put({ kind: 'token', facts: { ...facts, state: 'FAILED', result: undefined, error } })
    const { text, status } = await test.client.ask('detail', id)
    expect(status).toBe('error')
    expect(JSON.parse(text).error).toBe('RangeError: too wide')
    expect((await test.client.ask('answer', facts)).hit).toBeNull()
  })

  it('keeps a large result as a body, and no answer is given once that is gone', async () => {
    await using test = new TestClient()
    const result = 'x'.repeat(100_000)
    const id = await test.client.put({ kind: 'token', facts: { ...facts, result, values: [result] } })
    const { artifacts } = await test.client.ask('detail', id)
    expect(artifacts.map(({ state }) => state)).toEqual(['kept', 'kept'])
    const call = { ...facts, values: [result] }
    expect((await test.client.ask('answer', call)).hit?.value).toBe(result)
    rmSync(join(test.folder, artifacts.at(-1)?.path ?? ''))
    expect((await test.client.ask('answer', call)).hit).toBeNull()
    const report = await test.client.ask('verify', id)
    expect(report).toMatchObject({ valid: false, problems: [{ id }] })
  })

  it('names the receipts of the tokens that the token called', async () => {
    await using test = new TestClient()
    const child = test.client.put({ kind: 'token', facts: { ...facts, token: 'child_2', parentToken: facts.token } })
    const lead = test.client.put({ kind: 'token', facts })
    const { links } = await test.client.ask('graph', { id: await child, limit: 10 })
    expect(links).toEqual([{ from: await lead, to: await child, kind: 'called' }])
    expect((await test.client.ask('verify', await lead)).receipts).toBe(2)
  })

  it('is left also with arguments and a result that JSON cannot say', async () => {
    await using test = new TestClient()
    const strange = { ...facts, values: ['\ud800'], result: '\ud800' }
    const id = await test.client.put({ kind: 'token', facts: strange })
    const { text } = await test.client.ask('detail', id)
    expect(JSON.parse(text).run.notes).toEqual([
      expect.stringContaining('the arguments are not kept'),
      expect.stringContaining('the result is not kept'),
    ])
    await expect(test.client.ask('answer', strange)).rejects.toThrow('unpaired surrogate')
    const holed = { ...facts, values: [new Array(2)], result: [new Array(1)] }
    const whole = await test.client.put({ kind: 'token', facts: holed })
    expect(await test.client.ask('verify', whole)).toMatchObject({ valid: true })
    expect((await test.client.ask('answer', holed)).hit?.value).toEqual([[undefined]])
  })
})

describe('the thread', () => {
  it('answers each put by itself: what is wrong with one keeps no other away', async () => {
    await using test = new TestClient()
    const outcomes = await Promise.allSettled([
      test.client.put({ kind: 'plain', draft }),
      test.client.put({ kind: 'plain', draft: { ...draft, startedAt: '2026-05-19T17:30:00' } }),
      test.client.put({ kind: 'plain', draft: { ...draft, args: '[]' } }),
      test.client.put({ kind: 'token', facts: { ...facts, values: [() => 1] } }),
      test.client.put({ kind: 'plain', draft: { ...draft, yool: 'other' } }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected', 'fulfilled'])
    expect(test.client.waitingPuts).toBe(0)
    expect((await test.client.ask('query', { filter: {}, offset: 0, limit: 10 })).matched).toBe(2)
  })

  it('collects while receipts are put, and keeps bodies that were named meanwhile', async () => {
    await using test = new TestClient()
    const old = Date.now() - 100 * 86_400_000
    const at = new Date(old).toISOString()
    const bodies = [{ content: Buffer.from('same'), mime: 'text/plain' }]
    const id = await test.client.put({ kind: 'plain', draft: { ...draft, startedAt: at, endedAt: at, bodies } })
    const request = { hotDays: 30, warmDays: 365, maxTotalMb: 5000, nowMs: Date.now(), keepsLogs: true }
    const planned = await test.client.ask('collect', { ...request, dryRun: true })
    expect(planned.emptied).toMatchObject([{ id, phase: 'age', files: 1, bytes: 4 }])
    await test.client.ask('pin', { ids: [id], pinned: true, actor: 'me', reason: '' })
    expect((await test.client.ask('collect', { ...request, dryRun: true })).stats.kept_pinned).toBe(1)
    await test.client.ask('pin', { ids: [id], pinned: false, actor: 'me', reason: '' })
    const collecting = test.client.ask('collect', { ...request, dryRun: false })
    const young = test.client.put({ kind: 'plain', draft: { ...draft, bodies } })
    expect((await collecting).stats.dry_run).toBe(false)
    const [body] = (await test.client.ask('detail', await young)).artifacts
    expect(body?.state).toBe('kept')
  })

  it('tells why a catalog cannot be opened', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guardhouse-receipts-'))
    writeFileSync(join(folder, 'receipts'), 'a file where the folder should be')
    await using test = new TestClient(folder)
    await expect(test.client.opened).rejects.toThrow(/EEXIST|ENOTDIR/)
    await expect(test.client.put({ kind: 'plain', draft })).rejects.toThrow(/EEXIST|ENOTDIR/)
    expect(test.notices[0]).toContain('No receipts are kept')
  })

  it('has everything on the disk when it is closed', async () => {
    const test = new TestClient()
    const ids = await Promise.all(
      Array.from({ length: 50 }, (_, n) => test.client.put({ kind: 'plain', draft: { ...draft, yool: `y${n}` } })),
    )
    await test.client.close()
    expect(readdirSync(join(test.folder, 'receipts')).sort()).toEqual(ids.map((id) => `${id}.json`).sort())
    rmSync(test.folder, { recursive: true })
  })
})
