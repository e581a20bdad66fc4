import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ContractClient } from '../../shared/contract/client.ts'
import type { ControlHost } from './control-host.ts'
import { startControl } from './control-host.ts'
import type { ControlInit } from './control-protocol.ts'
import { PortTransport } from './port-transport.ts'

let folder: string
let workspace: string
let running: ControlHost[] = []

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'guardhouse-')))
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'guardhouse-')))
  writeFileSync(
    join(workspace, 'sums.ops.mjs'),
    `import { taskTokenGuard } from 'guardhouse'
     export const add = taskTokenGuard({ operationType: 'sums.add' })(function add(a, b) { return a + b })
     export const rest = taskTokenGuard({ operationType: 'sums.rest', tags: { weight: 'heavy' } })(async function rest(ms) {
       await new Promise((resolve) => setTimeout(resolve, ms))
     })`,
  )
})

afterEach(async () => {
  await Promise.all(running.map((host) => host.shutdown({ mode: 'abort' })))
  running = []
  rmSync(folder, { recursive: true })
  rmSync(workspace, { recursive: true })
})

async function start(changes: Partial<ControlInit> = {}): Promise<ContractClient> {
  const host = await startControl({
    options: {},
    host: 'server',
    readOnly: false,
    workspace: null,
    journal: { path: null },
    stateDirectory: folder,
    ...changes,
  })
  running.push(host)
  return new ContractClient(new PortTransport(host.connect({ kind: 'window', name: 'window', readOnly: false })))
}

async function openWorkspace(client: ContractClient): Promise<void> {
  await client.call('workspace.open', { path: workspace })
  await client.call('workspace.trust', { path: workspace })
}

async function restart(mode: 'drain' | 'abort'): Promise<ContractClient> {
  const host = running.pop()
  await host?.shutdown(mode === 'drain' ? { mode, deadlineMs: 1 } : { mode })
  return await start()
}

test('what waits when a drain runs out of time runs at the next start, under its id and in order', async () => {
  const first = await start()
  await openWorkspace(first)
  const { first: running } = await first.call('tokens.submitMany', {
    operation: 'sums.rest',
    arguments: [60_000],
    count: 2000,
  })
  const { id } = await first.call('tokens.submit', { operation: 'sums.rest', arguments: [1] })
  await expect.poll(async () => (await first.call('tokens.get', { id: running })).state).toBe('EXECUTING')
  const second = await restart('drain')
  expect((await second.call('tokens.get', { id })).state).toBe('WAITING')
  expect((await second.call('tokens.get', { id })).waitingBecause).toContain('its tokens wait until it does')
  const page = await second.call('tokens.query', { filter: { states: ['WAITING'] }, limit: 1 })
  expect(page.rows[0]?.id).toBe(id)
})

test('what a person has paused is paused again, also before its workspace is there', async () => {
  const first = await start()
  await openWorkspace(first)
  await first.call('commands.pause', { scope: { kind: 'operation', operation: 'sums.add' }, reason: 'wrong sums' })
  await first.call('commands.pause', { scope: { kind: 'all' }, reason: 'lunch' })
  const second = await restart('abort')
  expect((await second.call('system.stats', {})).token_pool.paused).toBe(true)
  await openWorkspace(second)
  const because = async (operation: string) => {
    const { id } = await second.call('tokens.submit', { operation, arguments: [1, 2] })
    return (await second.call('tokens.get', { id })).waitingBecause
  }
  expect(await because('sums.add')).toMatch(/^The operation sums\.add was paused by window .* \(wrong sums\); /)
  expect(await because('sums.rest')).toMatch(/^The gate was paused by window .* \(lunch\); /)
  const { operations } = await second.call('operations.list', {})
  expect(operations.find((each) => each.operation === 'sums.add')?.paused).toBe(true)
})

test('the audit log goes on where it ended', async () => {
  const first = await start()
  await first.call('commands.pause', { scope: { kind: 'all' }, reason: 'lunch' })
  const second = await restart('abort')
  await second.call('commands.resume', { scope: { kind: 'all' } })
  const { entries, total } = await second.call('audit.query', {})
  expect(entries.map(({ id, action, reason }) => [id, action, reason])).toEqual([
    [2, 'resume', ''],
    [1, 'pause', 'lunch'],
  ])
  expect(total).toBe(2)
})

test('a second host of the same state directory keeps a journal of its own', async () => {
  await start()
  const events: string[] = []
  const second = await start()
  await second.subscribe('events', {}, (event) => {
    if (event.kind === 'notice') events.push(event.text)
  })
  await expect.poll(() => events.join()).toContain('journal-2.sqlite')
})

test('a journal that is named and in use is a clear error', async () => {
  const path = join(folder, 'mine.sqlite')
  await start({ journal: { path } })
  await expect(start({ journal: { path } })).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining(path),
    hint: expect.stringContaining('--journal'),
  })
})
