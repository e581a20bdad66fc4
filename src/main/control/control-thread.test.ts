import { once } from 'node:events'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ContractClient } from '../../shared/contract/client.ts'
import { procedures } from '../../shared/contract/index.ts'
import { decodeTelemetry, type TelemetryFrame } from '../../shared/frames/telemetry.ts'
import { type ControlHost, startControl } from './control-host.ts'
import type { ControlInit } from './control-protocol.ts'
import { PortTransport } from './port-transport.ts'

/** The real thread with the real engine, from source. */

const operations = `
import { taskTokenGuard } from 'guardhouse'
export const add = taskTokenGuard({ operationType: 'add', tags: { weight: 'light' } })(function add(a, b) { return a + b })
export const fail = taskTokenGuard({ operationType: 'fail' })(function fail() { throw new RangeError('too far') })
export const sleep = taskTokenGuard({ operationType: 'sleep' })(async function sleep(ms) {
  await new Promise((resolve) => setTimeout(resolve, ms))
  return ms
})
`

let folder: string
// Beside the workspace: what is written into that makes it be read again.
let stateDirectory: string
let init: ControlInit
let host: ControlHost | null
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'guardhouse-')))
  stateDirectory = realpathSync(mkdtempSync(join(tmpdir(), 'guardhouse-state-')))
  writeFileSync(join(folder, 'sums.ops.mjs'), operations)
  init = {
    options: {},
    host: 'server',
    readOnly: false,
    workspace: null,
    journal: null,
    stateDirectory,
  }
  host = null
})
afterEach(async () => {
  await host?.shutdown({ mode: 'abort' })
  for (const each of [folder, stateDirectory]) rmSync(each, { recursive: true, force: true })
})

async function start(changes: Partial<ControlInit> = {}): Promise<ContractClient> {
  host = await startControl({ ...init, ...changes })
  return connect(host)
}

function connect(to: ControlHost): ContractClient {
  return new ContractClient(new PortTransport(to.connect({ kind: 'window', name: 'window', readOnly: false })))
}

async function openWorkspace(client: ContractClient): Promise<void> {
  await client.call('workspace.open', { path: folder })
  await client.call('workspace.trust', { path: folder })
}

test('a wrong option fails the start with its name and range', async () => {
  await expect(start({ options: { mailboxMax: 0 } })).rejects.toMatchObject({
    kind: 'bad-request',
    message: expect.stringMatching(/mailboxMax.*1 to 4096/),
  })
})

test('a state directory that cannot be used fails the start with what to do', async () => {
  const stateDirectory = join(folder, 'sums.ops.mjs', 'state')
  await expect(start({ stateDirectory })).rejects.toMatchObject({
    kind: 'not-allowed',
    message: expect.stringContaining(stateDirectory),
    hint: expect.stringContaining('GUARDHOUSE_STATE_DIR'),
  })
})

test('a folder is opened, trusted and run, and remembered by the next host', async () => {
  const client = await start()
  await openWorkspace(client)
  const { id } = await client.call('tokens.submit', { operation: 'add', arguments: [1, 2] })
  await expect(client.call('tokens.outcome', { id })).resolves.toEqual({ id, state: 'COMPLETED', value: 3 })
  await host?.shutdown({ mode: 'drain' })
  const again = await start({ workspace: folder })
  await expect
    .poll(() => again.call('workspace.get', {}))
    .toMatchObject({ state: 'ready', path: folder, recent: [folder], modules: [{ state: 'loaded' }] })
})

test('a start folder that is a file does not stop the start', async () => {
  const client = await start({ workspace: join(folder, 'sums.ops.mjs') })
  await expect
    .poll(() => client.call('workspace.get', {}))
    .toMatchObject({ state: 'failed', error: { kind: 'bad-request' } })
})

test('every answer of a working host is as the contract declares it', async () => {
  const client = await start()
  await openWorkspace(client)
  const { id } = await client.call('tokens.submit', { operation: 'fail' })
  await client.call('tokens.outcome', { id })
  await client.call('commands.pause', { scope: { kind: 'operation', operation: 'add' } })
  const answers = {
    'system.info': await client.call('system.info', {}),
    'system.stats': await client.call('system.stats', {}),
    'operations.list': await client.call('operations.list', {}),
    'workspace.get': await client.call('workspace.get', {}),
    'tokens.query': await client.call('tokens.query', {}),
    'tokens.get': await client.call('tokens.get', { id }),
    'audit.query': await client.call('audit.query', {}),
    'commands.preview': await client.call('commands.preview', { command: 'kill', scope: { kind: 'all' } }),
    'convergence.status': await client.call('convergence.status', {}),
    'guard.report': await client.call('guard.report', {}),
    'history.dump': await client.call('history.dump', {}),
  }
  for (const [name, answer] of Object.entries(answers)) {
    const { output } = procedures[name as keyof typeof answers]
    expect(output.safeParse(answer).error, name).toBeUndefined()
  }
  expect(answers['tokens.get'].error).toMatchObject({ kind: 'operation-failed', name: 'RangeError' })
  expect(answers['operations.list'].operations).toContainEqual(
    expect.objectContaining({ operation: 'add', availability: 'available', module: 'sums.ops.mjs', paused: true }),
  )
})

test('a call held back runs for real once it is approved, a blocked operation again once it is unblocked', async () => {
  const client = await start({ options: { spikeDetection: 'quarantine', spikeMinimumCalls: 5 } })
  await openWorkspace(client)
  const submit = (text: string) => client.call('tokens.submit', { operation: 'add', arguments: [text, '.'] })
  const listed = async () => {
    const list = await client.call('quarantine.list', {})
    expect(procedures['quarantine.list'].output.safeParse(list).error).toBeUndefined()
    return list.entries.map(({ id, status }) => ({ id, status }))
  }
  for (let call = 0; call < 6; call++) await submit('x'.repeat(400))
  const huge = 'x'.repeat(200_000)
  const error = { kind: 'not-allowed', message: expect.stringContaining('in quarantine') }
  for (let call = 0; call < 2; call++) await expect(submit(huge)).rejects.toMatchObject(error)
  await client.call('quarantine.reject', { id: 2 })
  const { token: id } = await client.call('quarantine.approve', { id: 1, reason: 'seen' })
  await expect(client.call('tokens.outcome', { id })).resolves.toMatchObject({ value: `${huge}.` })
  expect(await listed()).toEqual([
    { id: 2, status: 'rejected' },
    { id: 1, status: 'approved' },
  ])

  await client.call('guard.block', { operation: 'add', reason: 'it is being replaced' })
  await expect(submit('x')).rejects.toMatchObject({ kind: 'not-allowed' })
  const guarded = await client.call('guard.operations', {})
  expect(procedures['guard.operations'].output.safeParse(guarded).error).toBeUndefined()
  const block = { by: 'window', reason: 'it is being replaced', refused: 1 }
  expect(guarded.operations).toMatchObject([{ operation: 'add', block }])
  await expect(client.call('guard.unblock', { operation: 'add' })).resolves.toMatchObject({ unblocked: true })
  await expect(submit('x')).resolves.toBeDefined()
  const { entries } = await client.call('audit.query', {})
  const actions = entries.map(({ action }) => action)
  expect(actions).toEqual(
    expect.arrayContaining(['approve call', 'reject call', 'block operation', 'unblock operation']),
  )
})

test('frames show what runs, on which core, and what the control thread costs', async () => {
  const client = await start()
  await openWorkspace(client)
  const frames: TelemetryFrame[] = []
  await client.subscribe('telemetry', {}, (bytes) => frames.push(decodeTelemetry(bytes)))
  const { id } = await client.call('tokens.submit', { operation: 'sleep', arguments: [60_000] })
  await expect.poll(() => frames.at(-1)?.executingNow).toBe(1)
  const { sequence, core } = await client.call('tokens.get', { id })
  const newest = frames.at(-1)
  const row = newest?.workers.running.indexOf(sequence) ?? -1
  expect(newest?.workers.core[row]).toBe(core)
  expect(newest?.controlShare).toBeGreaterThan(0)
  await client.call('commands.kill', { scope: { kind: 'tokens', ids: [id] }, reason: 'seen' })
  await expect(client.call('tokens.outcome', { id })).resolves.toMatchObject({
    state: 'KILLED',
    error: { kind: 'killed', message: expect.stringContaining('window') },
  })
})

test('a workspace folder that vanishes while it is open breaks nothing', async () => {
  const client = await start()
  await openWorkspace(client)
  rmSync(folder, { recursive: true })
  await expect(client.call('workspace.reload', {})).resolves.toMatchObject({ modules: [] })
  await expect(client.call('tokens.submit', { operation: 'add' })).rejects.toMatchObject({ kind: 'not-found' })
  await expect(client.call('workspace.open', { path: folder })).rejects.toMatchObject({ kind: 'not-found' })
  await expect(client.call('system.info', {})).resolves.toMatchObject({ host: 'server' })
})

test('agents that a program spawns are run by their lane and counted', async () => {
  const client = await start()
  await openWorkspace(client)
  await client.call('bus.setLane', { lane: 'dev', operation: 'add', cache: true })
  const batch = await client.call('kernel.batchSpawn', { yool: 'a.b.c', lane: 'plans', depth: 4, branching: 32 })
  const agent = await client.call('kernel.spawn', { yool: 'a.b.c', lane: 'dev', parent: batch.id })
  await expect(
    client.call('bus.in', { template: { lane: 'audit', tuple: `agent:${agent.id}` } }),
  ).resolves.toMatchObject({
    tuple: { status: 'ok', operation: 'add' },
  })
  await expect
    .poll(() => client.call('kernel.snapshot', {}))
    .toMatchObject({ active: 2, virtual: '1048576', total: '1048578', cache: { entries: 1 } })
})

test('shutting down settles what runs before its waiter loses the connection', async () => {
  const client = await start()
  await openWorkspace(client)
  const { id } = await client.call('tokens.submit', { operation: 'sleep', arguments: [60_000] })
  const outcome = client.call('tokens.outcome', { id })
  await client.call('system.info', {})
  await expect(host?.shutdown({ mode: 'drain', deadlineMs: 50 })).resolves.toMatchObject({ killed: 1 })
  await expect(outcome).resolves.toMatchObject({ state: 'KILLED' })
  await expect(client.call('system.info', {})).rejects.toMatchObject({ kind: 'disconnected' })
})

test('a forged message to one connection does not disturb another', async () => {
  const client = await start()
  const forged = host?.connect({ kind: 'socket', name: 'browser', readOnly: false })
  for (const message of ['{', '[]', '{"jsonrpc":"2.0","id":1,"method":"__proto__"}', new Uint8Array(9), null]) {
    forged?.postMessage(message)
  }
  if (forged !== undefined) await once(forged, 'message')
  await expect(client.call('system.info', {})).resolves.toMatchObject({ contract: 1 })
  forged?.close()
})
