import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../engine/scheduler/until.fixture.ts'
import { HostBench } from './host.fixture.ts'

let bench: HostBench

beforeEach(() => {
  bench = new HostBench()
})

afterEach(async () => {
  await bench[Symbol.asyncDispose]()
})

test('a tuple leads to the token it caused, and that token back to the tuple', async () => {
  bench.scheduler.setOperations([{ operationType: 'image.resize', tags: {}, moduleUrl: 'file:///made-up.ops.ts' }])
  const client = bench.client()
  await client.call('bus.setLane', { lane: 'work', operation: 'image.resize' })
  const { id } = await client.call('bus.out', { tuple: { lane: 'work', yool: 'agent.resize', n: 1 } })
  const tokens = async () => (await client.call('trail.of', { kind: 'tuple', id })).tokens
  await until('a token was made of it', async () => (await tokens()).length === 1)
  const [token] = await tokens()
  expect(token).toMatchObject({ operation: 'image.resize', role: 'caused' })
  const around = () => client.call('trail.of', { kind: 'token', id: token?.id ?? '' })
  expect((await around()).tuples).toEqual([{ id, lane: 'work', yool: 'agent.resize', state: 'lent', role: 'cause' }])
  bench.scheduler.end(token?.id ?? '', { value: null })
  await until('it is gone', async () => (await around()).tuples[0]?.state === 'gone')
})

test('what was done before this start is told by the notes of the lanes', async () => {
  const client = bench.client()
  const note = { lane: 'audit', yool: 'image.resize', from_lane: 'work', tuple: 'sha256:ab', token: 'image.resize_7_9' }
  await client.call('bus.out', { tuple: note })
  expect((await client.call('trail.of', { kind: 'tuple', id: 'sha256:ab' })).tokens).toEqual([
    { id: 'image.resize_7_9', operation: 'image.resize', state: null, role: 'caused' },
  ])
  expect((await client.call('trail.of', { kind: 'token', id: 'image.resize_7_9' })).tuples).toEqual([
    { id: 'sha256:ab', lane: 'work', yool: 'image.resize', state: 'gone', role: 'cause' },
  ])
})

test('what does not exist leads nowhere, or says so', async () => {
  const client = bench.client()
  const nothing = { tuples: [], tokens: [], receipts: [], runs: [], putBy: '' }
  expect(await client.call('trail.of', { kind: 'tuple', id: 'no such' })).toEqual(nothing)
  await expect(client.call('trail.of', { kind: 'run', id: 'no such' })).rejects.toMatchObject({ kind: 'not-found' })
})
