import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ContractClient } from '../../shared/contract/client.ts'
import { decodeValue, encodeValue } from '../../shared/contract/values.ts'
import { HostBench } from './host.fixture.ts'
import { submissionSlice } from './token-api.ts'

let bench: HostBench
let client: ContractClient
beforeEach(() => {
  bench = new HostBench()
  bench.scheduler.setOperations([{ operationType: 'add', tags: {}, moduleUrl: 'file:///sums.ops.ts' }])
  client = bench.client()
})
afterEach(() => bench[Symbol.asyncDispose]())

test('arguments and results cross as more than JSON can say', async () => {
  const values = [1n, undefined, Number.NaN, new Date(0), new Map([['a', new Set([1])]]), new Float64Array([0.5])]
  const { id } = await client.call('tokens.submit', {
    operation: 'add',
    arguments: values.map((value) => encodeValue(value)),
  })
  expect(bench.scheduler.token(id).args).toEqual(values)
  bench.scheduler.end(id, { value: values })
  const outcome = await client.call('tokens.outcome', { id })
  expect(outcome).toMatchObject({ id, state: 'COMPLETED' })
  expect(decodeValue(outcome.value)).toEqual(values)
})

test('the outcome of a token that failed carries its error', async () => {
  const { id } = await client.call('tokens.submit', { operation: 'add' })
  bench.scheduler.end(id, {
    state: 'FAILED',
    error: { kind: 'operation-failed', name: 'RangeError', message: 'too far' },
  })
  const outcome = await client.call('tokens.outcome', { id })
  expect(outcome).toMatchObject({ state: 'FAILED', error: { kind: 'operation-failed', name: 'RangeError' } })
})

test('a result that cannot be said in JSON is an error of the call, not of the token', async () => {
  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  const { id } = await client.call('tokens.submit', { operation: 'add' })
  bench.scheduler.end(id, { value: cycle })
  await expect(client.call('tokens.outcome', { id })).rejects.toMatchObject({
    kind: 'not-cloneable',
    message: expect.stringContaining('result.self is part of a cycle'),
  })
  expect(bench.scheduler.token(id).state).toBe('COMPLETED')
})

test('whoever gives up waiting leaves the token alone, and many who do leave nothing behind', async () => {
  const { id } = await client.call('tokens.submit', { operation: 'add' })
  for (let round = 0; round < 20; round++) {
    await expect(client.call('tokens.outcome', { id, waitMs: 1 })).rejects.toMatchObject({
      kind: 'timeout',
      message: `token ${id} has not ended within 1 ms`,
    })
  }
  expect(bench.scheduler.settlementCalls).toBe(1)
  expect(bench.scheduler.token(id).state).toBe('WAITING')
  const waiting = client.call('tokens.outcome', { id, waitMs: 60_000 })
  await client.call('system.info', {})
  bench.scheduler.end(id, { value: 3 })
  await expect(waiting).resolves.toEqual({ id, state: 'COMPLETED', value: 3 })
})

test('the outcome of a token that does not exist is refused', async () => {
  await expect(client.call('tokens.outcome', { id: 'nowhere/1' })).rejects.toMatchObject({ kind: 'not-found' })
})

test('a table page and a detail come as the engine gives them', async () => {
  const { id } = await client.call('tokens.submit', { operation: 'add' })
  await expect(client.call('tokens.query', { filter: { states: ['WAITING'] } })).resolves.toMatchObject({ matched: 1 })
  await expect(client.call('tokens.get', { id })).resolves.toMatchObject({ id, operation: 'add' })
  await expect(client.call('tokens.get', { id: 'nowhere/1' })).rejects.toMatchObject({ kind: 'not-found' })
})

test('many tokens are submitted in slices, so that others are served between them', async () => {
  const count = submissionSlice * 3 + 1
  const many = client.call('tokens.submitMany', { operation: 'add', arguments: [1, 2], count })
  await expect.poll(() => bench.scheduler.tokens.length, { interval: 0 }).toBeGreaterThan(0)
  expect(bench.scheduler.tokens.length).toBeLessThan(count)
  await expect(many).resolves.toEqual({ count, first: 'add/1', last: `add/${count}` })
  expect(bench.scheduler.tokens).toHaveLength(count)
})

test('many tokens of which only some find room: the error says how many were accepted', async () => {
  bench.scheduler.room = 5
  await expect(client.call('tokens.submitMany', { operation: 'add', count: 7 })).rejects.toMatchObject({
    kind: 'overloaded',
    message: 'only 5 of 7 tokens were accepted: too many tokens wait',
    hint: 'Wait.',
  })
  const { entries } = await client.call('audit.query', {})
  expect(entries).toMatchObject([{ action: 'submit', target: 'add', outcome: '5 tokens accepted' }])
})

test('many tokens of which none is accepted: the error is the plain reason', async () => {
  await expect(client.call('tokens.submitMany', { operation: 'ad', count: 7 })).rejects.toMatchObject({
    kind: 'not-found',
    message: 'there is no operation "ad"',
  })
  await expect(client.call('audit.query', {})).resolves.toMatchObject({ total: 0 })
})

test('what a person launches is audited, what a program submits is not', async () => {
  const program = bench.port({ kind: 'program', name: 'program python' })
  program.postMessage('{"jsonrpc":"2.0","method":"tokens.submit","params":{"operation":"add"}}')
  await expect.poll(() => bench.scheduler.tokens.length).toBe(1)
  await bench.client({ name: 'command line' }).call('tokens.submit', { operation: 'add' })
  await setImmediate()
  const { entries } = await client.call('audit.query', {})
  expect(entries).toMatchObject([
    { actor: 'command line', action: 'submit', target: 'add', outcome: '1 token accepted' },
  ])
})
