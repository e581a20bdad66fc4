import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { errorData } from '../../shared/contract/common.ts'
import { procedures } from '../../shared/contract/index.ts'
import type { ResponseMessage } from '../../shared/contract/wire.ts'
import { exchange, exchangeText, HostBench } from './host.fixture.ts'
import { maxSubscriptions } from './rpc-streams.ts'

let bench: HostBench
beforeEach(() => {
  bench = new HostBench()
  bench.scheduler.setOperations([{ operationType: 'add', tags: {}, moduleUrl: 'file:///sums.ops.ts' }])
})
afterEach(() => bench[Symbol.asyncDispose]())

describe('a message that is no request', () => {
  test.each([
    ['text that is not JSON', '{"jsonrpc":', -32700, 'the message is not JSON'],
    ['empty text', '', -32700, 'the message is not JSON'],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"system.info"}]', -32600, 'batches are not supported'],
    ['an empty batch', '[]', -32600, 'batches are not supported'],
    ['null', 'null', -32600, 'a message must be an object, not null'],
    ['a number', '12', -32600, 'a message must be an object, not number'],
    ['another version', '{"jsonrpc":"1.0","method":"system.info"}', -32600, 'jsonrpc: must be "2.0"'],
    ['no method', '{"jsonrpc":"2.0"}', -32600, 'method: is missing'],
    ['a method that is no name', '{"jsonrpc":"2.0","method":7}', -32600, 'method: expected string, received number'],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"system.info"}', -32600, 'id: '],
  ])('%s is answered with what is wrong', async (_name, text, code, message) => {
    const answer = await exchangeText(bench.port({ kind: 'socket' }), text)
    expect(answer).toMatchObject({ jsonrpc: '2.0', id: null, error: { code } })
    expect(answer.error?.message).toContain(message)
    expect(answer.error?.data.kind).toBe('bad-request')
    expect(answer.error?.data.hint).toBeDefined()
  })

  test('keeps its id in the answer when that much could be read', async () => {
    const answer = await exchangeText(bench.port({ kind: 'socket' }), '{"jsonrpc":"2.0","id":"seven","method":7}')
    expect(answer.id).toBe('seven')
  })

  test('binary data on a connection of text is refused', async () => {
    const answer = await exchangeText(bench.port({ kind: 'socket' }), new Uint8Array([1, 2, 3]))
    expect(answer.error).toMatchObject({ code: -32700, message: 'a message must be JSON text, not binary data' })
  })

  test('a window that sends text instead of objects is told', async () => {
    const answer = await exchange(bench.port(), '{"jsonrpc":"2.0","id":1,"method":"system.info"}')
    expect(answer).toMatchObject({ error: { code: -32600, message: 'a message must be an object, not string' } })
  })

  test('whatever is thrown at a connection, it answers the next call and other connections do not notice', async () => {
    const victim = bench.port({ kind: 'socket' })
    const other = bench.client()
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          jsonrpc: fc.constant('2.0'),
          method: fc.constantFrom(...Object.keys(procedures)),
          params: fc.jsonValue(),
        })
        .filter(({ method }) => !method.startsWith('workspace.'))
        .map((message) => JSON.stringify(message)),
    )
    for (const message of fc.sample(anything, 500)) victim.postMessage(message)
    const answers: unknown[] = []
    victim.on('message', (text: string) => answers.push(JSON.parse(text)))
    victim.postMessage('{"jsonrpc":"2.0","id":"last","method":"system.info"}')
    await expect.poll(() => answers.at(-1)).toMatchObject({ id: 'last', result: { contract: 1 } })
    const errors = (answers as ResponseMessage[]).flatMap(({ error }) => (error === undefined ? [] : [error.data]))
    expect(errors.length).toBeGreaterThan(100)
    for (const error of errors) expect(errorData.parse(error).kind).not.toBe('internal')
    await expect(other.call('system.info', {})).resolves.toMatchObject({ contract: 1 })
  })
})

describe('a request that cannot be carried out', () => {
  test.each([
    ['system.inof', 'Did you mean system.info?'],
    ['tokens.Submit', 'Did you mean tokens.submit?'],
    ['telemetri', 'Did you mean telemetry?'],
    ['entirely different', 'See the contract for what there is.'],
    ['constructor', 'See the contract for what there is.'],
    ['__proto__', 'See the contract for what there is.'],
  ])('the method %s does not exist, and a near one is named', async (method, hint) => {
    const answer = await exchange(bench.port(), { jsonrpc: '2.0', id: 1, method })
    expect(answer).toMatchObject({ id: 1, error: { code: -32601, data: { kind: 'not-found', hint } } })
  })

  test.each([
    ['tokens.submit', undefined, 'operation: is missing'],
    ['tokens.submit', ['add'], 'expected object, received array'],
    ['tokens.submit', { operation: 'add', arguments: 'x' }, 'arguments: expected array, received string'],
    ['tokens.submit', { operation: 'add', timeout: -1 }, 'timeout: expected number to be >0'],
    ['tokens.submit', { operation: 'add', weight: 'hevy' }, 'has no field "weight"'],
    ['tokens.submit', { operation: 'add', arguments: [{ $type: 'regex' }] }, 'arguments.0: there is a malformed value'],
    [
      'tokens.submit',
      { operation: 'add', arguments: [1, { $type: 'bytes', value: '*', of: 'DataView' }] },
      'arguments.1: ',
    ],
    ['tokens.submit', { operation: 'add', arguments: [{ $type: 'map', value: [null] }] }, 'arguments.0: '],
    ['tokens.submitMany', { operation: 'add', count: 0 }, 'count: expected number to be >=1'],
    ['tokens.query', { filter: { states: ['ASLEEP'] } }, 'filter.states.0: must be "CREATED" or "WAITING"'],
    ['tokens.query', { limit: 5000, offset: -1 }, 'offset: expected number to be >=0, and 1 more like it'],
    ['commands.kill', { scope: { kind: 'som' } }, "scope.kind: invalid discriminator value. Expected 'all'"],
    ['commands.kill', { scope: { kind: 'tokens', ids: [] } }, 'scope.ids: expected array to have >=1 items'],
    ['telemetry', { intervalMs: 1 }, 'intervalMs: expected number to be >=100'],
    ['stream.credit', { subscription: 1 }, 'credits: is missing'],
  ])('%s with %j says which field is wrong', async (method, params, message) => {
    const answer = await exchange(bench.port(), { jsonrpc: '2.0', id: 1, method, params })
    expect(answer).toMatchObject({ id: 1, error: { code: -32602, data: { kind: 'bad-request' } } })
    expect((answer as { error: { message: string } }).error.message).toContain(message)
    expect((answer as { error: { data: object } }).error.data).not.toHaveProperty('stack', expect.anything())
  })

  test('an argument that is a cycle is refused, not followed for ever', async () => {
    const cycle: unknown[] = []
    cycle.push(cycle)
    const params = { operation: 'add', arguments: [cycle] }
    const answer = await exchange(bench.port(), { jsonrpc: '2.0', id: 1, method: 'tokens.submit', params })
    expect(answer).toMatchObject({
      error: { data: { kind: 'bad-request', message: /^arguments\.0: value nested deeper/ } },
    })
  })

  test('an argument nested deeper than any value is refused', async () => {
    const argument = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const text = `{"jsonrpc":"2.0","id":1,"method":"tokens.submit","params":{"operation":"add","arguments":[${argument}]}}`
    const answer = await exchangeText(bench.port({ kind: 'socket' }), text)
    expect(answer.error?.data).toMatchObject({
      kind: 'bad-request',
      message: 'arguments.0: value nested deeper than 200',
    })
  })

  test('an unknown operation keeps the kind and the words of the engine', async () => {
    await expect(bench.client().call('tokens.submit', { operation: 'ad' })).rejects.toMatchObject({
      kind: 'not-found',
      message: 'there is no operation "ad"',
    })
  })

  test('a fault of ours is told as such, with its stack, and as a notice to everybody', async () => {
    bench.scheduler.reports.stats = () => {
      throw new TypeError('a is not a function')
    }
    const events: unknown[] = []
    await bench.client().subscribe('events', {}, (event) => events.push(event))
    await expect(bench.client().call('system.stats', {})).rejects.toMatchObject({
      kind: 'internal',
      name: 'TypeError',
      stack: expect.stringContaining('rpc-connection.test'),
    })
    await expect.poll(() => events).toContainEqual(expect.objectContaining({ kind: 'notice', level: 'error' }))
  })

  test('an answer that cannot be sent becomes an error instead of silence', async () => {
    bench.scheduler.detail = () => ({ id: Symbol('not cloneable') }) as never
    const unchecked = new HostBench({ scheduler: bench.scheduler, checkAnswers: false })
    await expect(unchecked.client().call('tokens.get', { id: 'x' })).rejects.toMatchObject({ kind: 'internal' })
    await unchecked[Symbol.asyncDispose]()
  })
})

describe('a notification', () => {
  test('is carried out and not answered, whether it succeeds or fails', async () => {
    const port = bench.port()
    const params = { operation: 'add' }
    port.postMessage({ jsonrpc: '2.0', method: 'tokens.submit', params })
    port.postMessage({ jsonrpc: '2.0', method: 'tokens.submit', params: { operation: 'unknown' } })
    port.postMessage({ jsonrpc: '2.0', method: 'no.such.method' })
    port.postMessage({ jsonrpc: '2.0', method: 'telemetry' })
    const answer = await exchange(port, { jsonrpc: '2.0', id: 1, method: 'system.info' })
    expect(answer).toMatchObject({ id: 1 })
    expect(bench.scheduler.tokens).toHaveLength(1)
  })
})

describe('a connection of text', () => {
  test('answers in text, and sends binary items as bytes', async () => {
    const port = bench.port({ kind: 'program', name: 'program python' })
    const answer = await exchangeText(port, '{"jsonrpc":"2.0","id":"a","method":"telemetry","params":{}}')
    expect(answer).toEqual({ jsonrpc: '2.0', id: 'a', result: { subscription: 1 } })
    const item = await exchange(
      port,
      '{"jsonrpc":"2.0","method":"stream.credit","params":{"subscription":1,"credits":1}}',
    )
    expect(item).toBeInstanceOf(ArrayBuffer)
    expect(new DataView(item as ArrayBuffer).getUint32(0, true)).toBe(1)
  })

  test('controls its streams with requests as well as with notifications', async () => {
    const port = bench.port({ kind: 'socket' })
    const answer = await exchangeText(
      port,
      '{"jsonrpc":"2.0","id":1,"method":"stream.close","params":{"subscription":9}}',
    )
    expect(answer).toEqual({ jsonrpc: '2.0', id: 1, result: {} })
  })
})

describe('a read-only connection', () => {
  const changing = Object.entries(procedures).filter(([, procedure]) => procedure.danger !== 'read')

  test.each(changing.map(([name]) => name))('may not call %s', async (method) => {
    const answer = await exchange(bench.port({ readOnly: true }), { jsonrpc: '2.0', id: 1, method, params: {} })
    expect(answer).toMatchObject({ error: { code: -32000, data: { kind: 'not-allowed', hint: expect.any(String) } } })
  })

  test('may look, preview and listen', async () => {
    const client = bench.client({ readOnly: true })
    await expect(client.call('system.info', {})).resolves.toMatchObject({ readOnly: true })
    await expect(client.call('commands.preview', { command: 'kill', scope: { kind: 'all' } })).resolves.toBeDefined()
    await expect(client.subscribe('events', {}, () => undefined)).resolves.toBeDefined()
  })

  test('is every connection of a read-only host', async () => {
    const closed = new HostBench({ readOnly: true })
    await expect(closed.client().call('workspace.openSample', {})).rejects.toMatchObject({ kind: 'not-allowed' })
    await closed[Symbol.asyncDispose]()
  })
})

describe('the end of a connection', () => {
  test('releases its streams and whoever waited for a token, and touches no token', async () => {
    const client = bench.client()
    const { id } = await client.call('tokens.submit', { operation: 'add' })
    const waiting = client.call('tokens.outcome', { id })
    await client.subscribe('events', {}, () => undefined)
    await client.subscribe('telemetry', {}, () => undefined)
    client.close()
    await expect(waiting).rejects.toMatchObject({ kind: 'disconnected' })
    await setImmediate()
    expect(bench.scheduler.token(id).state).toBe('WAITING')
    bench.scheduler.end(id, { value: 1 })
    await expect(bench.client().call('tokens.outcome', { id })).resolves.toMatchObject({ state: 'COMPLETED' })
  })

  test('is told to the reader of each stream when the host stops', async () => {
    const port = bench.port()
    await exchange(port, { jsonrpc: '2.0', id: 1, method: 'events' })
    const received: unknown[] = []
    port.on('message', (message) => received.push(message))
    const closed = once(port, 'close')
    await bench.host.stop({ mode: 'abort' })
    await closed
    expect(received).toContainEqual({ jsonrpc: '2.0', method: 'stream.ended', params: { subscription: 1 } })
  })

  test('comes after the last outcome when the host stops', async () => {
    const client = bench.client()
    const { id } = await client.call('tokens.submit', { operation: 'add' })
    const waiting = client.call('tokens.outcome', { id })
    // Answers come in order: once this one is here, the host waits for the token too.
    await client.call('system.info', {})
    await bench.host.stop({ mode: 'abort' })
    await expect(waiting).resolves.toMatchObject({ state: 'KILLED', error: { kind: 'stopped' } })
  })
})

test('a connection can read only so many streams at once, and one more after closing one', async () => {
  const client = bench.client()
  const open = () => client.subscribe('events', {}, () => undefined)
  const first = await open()
  for (let count = 1; count < maxSubscriptions; count++) await open()
  await expect(open()).rejects.toMatchObject({ kind: 'overloaded' })
  first.close()
  await expect(open()).resolves.toBeDefined()
})
