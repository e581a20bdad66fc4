import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Bus } from '../engine/bus/bus.ts'
import { MemoryStore } from '../engine/bus/stores/memory-store.ts'
import { until } from '../engine/scheduler/until.fixture.ts'
import { HostBench } from './host.fixture.ts'
import { laneScheduler } from './lane-scheduler.ts'

let bench: HostBench

beforeEach(() => {
  bench = new HostBench()
})

afterEach(async () => {
  await bench[Symbol.asyncDispose]()
})

const declare = (operationType: string) =>
  bench.scheduler.setOperations([{ operationType, tags: {}, moduleUrl: 'file:///made-up.ops.ts' }])

test('a tuple that a connection took under a lease goes back when the connection ends', async () => {
  const other = bench.client()
  await other.call('bus.out', { tuple: { lane: 'work', n: 1 } })
  const port = bench.port()
  port.postMessage({ jsonrpc: '2.0', id: 1, method: 'bus.in', params: { template: { lane: 'work' }, leaseMs: 60_000 } })
  const leased = async () => (await other.call('bus.lanes', {})).lanes[0]?.leased
  await until('it is lent', async () => (await leased()) === 1)
  port.close()
  await until('it is back', async () => (await leased()) === 0)
  expect(await other.call('bus.inp', { template: {}, leaseMs: 60_000 })).toMatchObject({
    tuple: { n: 1 },
    deliveries: 2,
  })
})

test('who waits starves only when others of the lane are served meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 })
  try {
    const client = bench.client()
    const port = bench.port()
    await client.call('bus.out', { tuple: { lane: 'work', n: 1 } })
    await client.call('bus.inp', { template: { lane: 'work' } })
    port.postMessage({ jsonrpc: '2.0', id: 1, method: 'bus.in', params: { template: { lane: 'work', n: 7 } } })
    const starves = async () => (await client.call('bus.waiters', {})).waiters.map((waiter) => waiter.starves)
    await until('it waits', async () => (await starves()).length === 1)
    vi.setSystemTime(1_060_000)
    expect(await starves()).toEqual([false])
    await client.call('bus.out', { tuple: { lane: 'work', n: 2 } })
    await client.call('bus.inp', { template: { lane: 'work' } })
    expect(await starves()).toEqual([true])
  } finally {
    vi.useRealTimers()
  }
})

test('a lease is renewed, given back and acknowledged by its name; afterwards and under another name it is not', async () => {
  const client = bench.client()
  await client.call('bus.out', { tuple: { n: 1 } })
  const take = async () => (await client.call('bus.inp', { template: {}, leaseMs: 60_000 })).lease ?? ''
  const first = await take()
  expect(await client.call('bus.renew', { lease: first, leaseMs: 60_000 })).toEqual({ done: true })
  expect(await client.call('bus.giveBack', { lease: first })).toEqual({ done: true })
  expect(await client.call('bus.acknowledge', { lease: first })).toEqual({ done: false })
  const second = await take()
  expect(await client.call('bus.acknowledge', { lease: second })).toEqual({ done: true })
  expect(await client.call('bus.renew', { lease: 'made up', leaseMs: 60_000 })).toEqual({ done: false })
  expect((await client.call('bus.tuples', {})).matched).toBe(0)
})

test('whoever waits when the connection ends waits no more', async () => {
  const port = bench.port()
  port.postMessage({ jsonrpc: '2.0', id: 1, method: 'bus.in', params: { template: { lane: 'never' } } })
  const other = bench.client()
  const waiting = async () => (await other.call('bus.waiters', {})).total
  await until('it waits', async () => (await waiting()) === 1)
  port.close()
  await until('nobody waits', async () => (await waiting()) === 0)
})

test('whoever puts more than the bus holds is held up, refused in time, and forgotten when the connection ends', async () => {
  const store = new MemoryStore({ maxTuples: 1 })
  const bus = new Bus(store, laneScheduler(bench.scheduler, false), { patienceMs: () => 60_000 })
  const other = new HostBench({ bus })
  try {
    const client = other.client()
    await client.call('bus.out', { tuple: { n: 1 } })
    await expect(client.call('bus.out', { tuple: { n: 2 }, timeoutMs: 0 })).rejects.toMatchObject({
      kind: 'overloaded',
    })
    const port = other.port()
    port.postMessage({ jsonrpc: '2.0', id: 1, method: 'bus.out', params: { tuple: { n: 3 } } })
    await until('it is held up', () => bus.space.producers === 1)
    port.close()
    await until('it is forgotten', () => bus.space.producers === 0)
    const putting = client.call('bus.out', { tuple: { n: 4 } })
    await until('it is held up', () => bus.space.producers === 1)
    expect(await client.call('bus.inp', { template: {} })).toMatchObject({ tuple: { n: 1 } })
    await putting
    expect(await client.call('bus.inp', { template: {} })).toMatchObject({ tuple: { n: 4 } })
  } finally {
    await other[Symbol.asyncDispose]()
  }
})

test('what JSON lacks crosses tagged, and what no tuple can hold is refused with its place', async () => {
  const client = bench.client()
  await client.call('bus.out', { tuple: { id: 'big', n: { $type: 'bigint', value: '12345678901234567890' } } })
  expect((await client.call('bus.rdp', { template: { id: 'big' } })).tuple).toMatchObject({
    n: { $type: 'bigint', value: '12345678901234567890' },
  })
  await expect(client.call('bus.out', { tuple: { a: { $type: 'date', value: 0 } } })).rejects.toMatchObject({
    kind: 'bad-request',
    message: expect.stringContaining('tuple'),
  })
})

test('eval puts what the operation gives, and an error tuple when it fails', async () => {
  declare('sums.add')
  const client = bench.client()
  const { token } = await client.call('bus.eval', { operation: 'sums.add', arguments: [1], fields: { lane: 'sums' } })
  bench.scheduler.end(token, { value: 3 })
  expect((await client.call('bus.in', { template: { lane: 'sums' } })).tuple).toMatchObject({ result: 3 })
  const failing = await client.call('bus.eval', { operation: 'sums.add', fields: { lane: 'sums' } })
  const error = { kind: 'operation-failed', message: 'no' } as const
  bench.scheduler.end(failing.token, { state: 'FAILED', error })
  expect((await client.call('bus.in', { template: { lane: 'sums' } })).tuple).toMatchObject({ error })
})

test('lanes that the workspace declares are worked, and a file that declares them wrongly says where', async () => {
  const client = bench.client()
  const folder = bench.folder()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'guardhouse.lanes.json'), '{"lanes":[{"lane":"pictures","operation":"image.resize"}]}')
  bench.trust.trust(folder)
  await client.call('workspace.open', { path: folder })
  const worked = async () => (await client.call('bus.lanes', {})).lanes.map(({ lane, work }) => [lane, work?.operation])
  await until('the lane is there', async () => (await worked()).length === 1)
  expect(await worked()).toEqual([['pictures', 'image.resize']])
  await client.call('bus.setLane', { lane: 'pictures', operation: 'other.one' })
  expect(await worked()).toEqual([['pictures', 'other.one']])
  expect(await client.call('bus.removeLane', { lane: 'pictures' })).toMatchObject({ removed: true })
  expect(await worked()).toEqual([['pictures', 'image.resize']])
})

test('commands on a lane are in the audit log with who and why', async () => {
  const client = bench.client({ name: 'command line' })
  for (const n of [1, 2]) await client.call('bus.out', { tuple: { lane: 'old', n } })
  expect(await client.call('bus.laneCommand', { lane: 'old', command: 'drain', reason: 'a test' })).toMatchObject({
    discarded: 2,
    killed: 0,
  })
  const { entries } = await client.call('audit.query', {})
  expect(entries[0]).toMatchObject({ action: 'drain lane', target: 'old', reason: 'a test', actor: 'command line' })
})
