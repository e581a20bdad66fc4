import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ContractClient } from '../../shared/contract/client.ts'
import type { HostEvent } from '../../shared/contract/system.ts'
import { HostBench } from './host.fixture.ts'

let bench: HostBench
let client: ContractClient
const everything = { kind: 'all' } as const
beforeEach(() => {
  bench = new HostBench()
  bench.scheduler.setOperations([{ operationType: 'add', tags: {}, moduleUrl: 'file:///sums.ops.ts' }])
  client = bench.client()
})
afterEach(() => bench[Symbol.asyncDispose]())

async function submit(): Promise<string> {
  return (await client.call('tokens.submit', { operation: 'add' })).id
}

describe('a frozen set', () => {
  test('is what the command touches, not what came later', async () => {
    const seen = [await submit(), await submit()]
    const { frozen, waiting, expiresInMs } = await client.call('commands.preview', {
      command: 'kill',
      scope: everything,
    })
    expect(waiting).toBe(2)
    expect(expiresInMs).toBeGreaterThan(0)
    const later = await submit()
    await expect(client.call('commands.kill', { scope: everything, reason: 'test', frozen })).resolves.toMatchObject({
      affected: 2,
    })
    expect(seen.map((id) => bench.scheduler.token(id).state)).toEqual(['KILLED', 'KILLED'])
    expect(bench.scheduler.token(later).state).toBe('WAITING')
  })

  test('counts what ended between the preview and the command', async () => {
    const ended = await submit()
    await submit()
    const { frozen } = await client.call('commands.preview', { command: 'kill', scope: everything })
    bench.scheduler.end(ended)
    await expect(client.call('commands.kill', { scope: everything, frozen })).resolves.toMatchObject({
      affected: 1,
      alreadyEnded: 1,
    })
  })

  test('acts once', async () => {
    const { frozen } = await client.call('commands.preview', { command: 'kill', scope: everything })
    await client.call('commands.kill', { scope: everything, frozen })
    await submit()
    await expect(client.call('commands.kill', { scope: everything, frozen })).rejects.toMatchObject({
      kind: 'conflict',
    })
    expect(bench.scheduler.tokens.at(-1)?.state).toBe('WAITING')
  })

  test('belongs to the connection that looked', async () => {
    const { frozen } = await client.call('commands.preview', { command: 'kill', scope: everything })
    await expect(bench.client().call('commands.kill', { scope: everything, frozen })).rejects.toMatchObject({
      kind: 'conflict',
    })
    await expect(client.call('commands.kill', { scope: everything, frozen })).resolves.toBeDefined()
  })

  test('made up by a caller touches nothing', async () => {
    const id = await submit()
    await expect(client.call('commands.kill', { scope: everything, frozen: 'forged' })).rejects.toMatchObject({
      kind: 'conflict',
      hint: 'Preview the command again.',
    })
    expect(bench.scheduler.token(id).state).toBe('WAITING')
  })
})

test('every command is audited with actor, scope, reason and outcome, also when it is refused', async () => {
  const id = await submit()
  const { auditId } = await client.call('commands.pause', { scope: everything, reason: 'lunch' })
  const window = bench.client({ name: 'second window' })
  await window.call('commands.kill', { scope: { kind: 'tokens', ids: [id] }, reason: 'enough' })
  await window.call('commands.drain', { scope: { kind: 'operation', operation: 'add' } })
  await expect(window.call('commands.kill', { scope: everything, frozen: 'old' })).rejects.toBeDefined()
  const { entries, matched, total } = await client.call('audit.query', {})
  expect(entries).toMatchObject([
    { actor: 'second window', action: 'kill', target: 'everything', outcome: expect.stringMatching(/^refused: /) },
    { actor: 'second window', action: 'drain', target: 'add', outcome: '0 tokens affected' },
    { actor: 'second window', action: 'kill', target: `token ${id}`, reason: 'enough', outcome: '1 token affected' },
    { id: auditId, actor: 'window', action: 'pause', target: 'everything', reason: 'lunch' },
    { action: 'submit' },
  ])
  expect({ matched, total }).toEqual({ matched: 5, total: 5 })
  await expect(client.call('audit.query', { text: 'LUNCH' })).resolves.toMatchObject({ matched: 1, total: 5 })
})

test('setting a pattern is audited, and a core that is not there is refused', async () => {
  await expect(client.call('cores.setPattern', { core: 2, pattern: 3 })).resolves.toEqual({ core: 2, pattern: 3 })
  await expect(client.call('cores.setPattern', { core: 9, pattern: 1 })).rejects.toMatchObject({ kind: 'not-found' })
  const { entries } = await client.call('audit.query', {})
  expect(entries).toMatchObject([
    { action: 'set pattern', target: 'core 9', outcome: 'refused: there is no core 9, cores are 1 to 2' },
    { action: 'set pattern', target: 'core 2', outcome: '3 workers' },
  ])
})

test('who listens to events hears of audit entries, pauses and notices', async () => {
  const events: HostEvent[] = []
  const subscription = await client.subscribe('events', {}, (event) => events.push(event))
  await client.call('commands.pause', { scope: everything })
  bench.scheduler.notify({ level: 'warn', text: 'worker 1/0 was replaced', at: 5 })
  await expect.poll(() => events).toHaveLength(3)
  expect(events).toEqual([
    { kind: 'audit', id: 1 },
    { kind: 'paused-changed' },
    { kind: 'notice', level: 'warn', text: 'worker 1/0 was replaced', at: 5 },
  ])
  subscription.close()
  await client.call('commands.resume', { scope: everything })
  await client.call('system.info', {})
  expect(events).toHaveLength(3)
})

test('statistics tell what was lost on the way to readers', async () => {
  await expect(client.call('system.stats', {})).resolves.toMatchObject({
    lost: { framesMerged: 0, logLinesDropped: 3, tokensEvicted: 4 },
  })
})
