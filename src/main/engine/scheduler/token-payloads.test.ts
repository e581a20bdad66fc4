import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import { maxArenaPayload } from '../workers/worker-protocol.ts'
import { TestScheduler } from './scheduler.fixture.ts'
import type { TokenHandle } from './token-handle.ts'
import { until } from './until.fixture.ts'

/** What goes into an operation and comes out of it, by ring or by port. */

async function settleAll(tokens: readonly TokenHandle[]): Promise<void> {
  await Promise.allSettled(tokens)
}

let test: TestScheduler

beforeAll(async () => {
  test = await TestScheduler.create()
})
afterAll(async () => {
  await test[Symbol.asyncDispose]()
})

class Point {
  readonly x = 1
  readonly y = 2
}

const cyclic: { name: string; self?: unknown } = { name: 'cyclic' }
cyclic.self = cyclic
const shared = { at: 1 }

const values: readonly [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 3.25],
  ['negative zero', -0],
  ['not a number', Number.NaN],
  ['a string', 'naïve 😀'],
  ['a lone surrogate', '\ud800'],
  ['a bigint', 2n ** 80n],
  ['plain data', { list: [1, 'two', { three: [3] }], when: new Date(5) }],
  ['a map', new Map<unknown, unknown>([['a', new Map([[1, { two: 2 }]])]])],
  ['a set', new Set([1, 'two'])],
  ['a typed array', new Float64Array([1.5, -2])],
  ['a view of part of a buffer', new Uint8Array(new ArrayBuffer(16), 4, 8).fill(3)],
  ['a regular expression', /x+/giu],
  ['a cycle', cyclic],
  ['an error', new RangeError('an error as a value')],
  ['text as long as a place in the ring', 'x'.repeat(maxArenaPayload)],
  ['text longer than the ring takes', 'x'.repeat(1_000_000)],
  ['an array of 100,000 numbers', Array.from({ length: 100_000 }, (_, number) => number)],
]

describe.each(['echo', 'echo.async'])('through %s', (operation) => {
  it.each(values)('%s arrives and comes back as structured clone would bring it', async (_what, value) => {
    expect(await test.submit(operation, value)).toStrictEqual(structuredClone(value))
  })
})

describe('arguments', () => {
  it('keep the identity of what they share when they cannot go in place', async () => {
    const result = (await test.submit('echo', new Map([['both', [shared, shared]]]))) as Map<string, unknown[]>
    const [first, second] = result.get('both') ?? []
    expect(first).toBe(second)
  })

  it('of fifty megabytes arrive', async () => {
    const bytes = new Uint8Array(50_000_000).fill(5)
    expect(await test.submit('measure', bytes)).toEqual({ bytes: 50_000_000, first: 5, last: 5 })
    expect(bytes.byteLength).toBe(50_000_000)
  })

  it('are moved instead of copied when they are named for transfer', async () => {
    const bytes = new Uint8Array(1_000_000).fill(6)
    const settings = { transfer: [bytes.buffer] }
    expect(await test.submitWith(settings, 'measure', bytes)).toEqual({ bytes: 1_000_000, first: 6, last: 6 })
    expect(bytes.byteLength).toBe(0)
  })

  it('named for transfer stay with the caller until their token runs', async () => {
    const bytes = new Uint8Array(1000)
    test.command('pause', { kind: 'all' })
    const token = test.submitWith({ transfer: [bytes.buffer] }, 'measure', bytes)
    test.commandOn('kill', token)
    test.command('resume', { kind: 'all' })
    await expect(token.outcome).rejects.toMatchObject({ kind: 'killed' })
    expect(bytes.byteLength).toBe(1000)
  })

  it('lose what their class gave them: only data crosses', async () => {
    expect(await test.submit('echo', new Point())).toEqual({ x: 1, y: 2 })
  })

  it.each<[string, unknown]>([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a function deep inside', { list: [{ call: () => 1 }] }],
    ['a promise', Promise.resolve(1)],
    ['a weak map', new WeakMap()],
    [
      'a getter that throws',
      {
        get mine(): never {
          throw new Error('not yours')
        },
      },
    ],
  ])('with %s fail their token alone, and say why', async (_what, value) => {
    const token = test.submit('echo', value)
    const behind = test.submit('echo', 'behind')
    await expect(token.outcome).rejects.toMatchObject({ kind: 'not-cloneable', hint: expect.any(String) })
    expect(test.stateOf(token)).toBe('FAILED')
    expect(await behind).toBe('behind')
    expect(test.worker(1, 0)?.restarts).toBe(0)
  })
})

describe('results', () => {
  it('of fifty megabytes arrive', async () => {
    const result = (await test.submit('bytes', 50_000_000)) as Uint8Array
    expect(result.byteLength).toBe(50_000_000)
    expect(result.at(-1)).toBe(7)
  })

  it.each(['return.function', 'return.trap'])(
    'that cannot cross fail their token alone, and say why (%s)',
    async (operation) => {
      const restarts = test.worker(1, 0)?.restarts
      // The first run of an operation in a thread takes another way in than the later ones.
      const tokens = [test.submit(operation), test.submit(operation)]
      const behind = test.submit('echo', 'behind')
      for (const token of tokens) {
        await expect(token.outcome).rejects.toMatchObject({
          kind: 'not-cloneable',
          message: expect.stringContaining(operation),
          hint: expect.any(String),
        })
      }
      expect(await behind).toBe('behind')
      expect(test.worker(1, 0)?.restarts).toBe(restarts)
    },
  )

  it('come in the order of their tokens, by ring and by port', async () => {
    const tokens = Array.from({ length: 300 }, (_, number) =>
      test.submit(
        'echo',
        number % 3 === 0 ? new Map([[number, number]]) : number % 3 === 1 ? 'x'.repeat(number * 20) : number,
      ),
    )
    const results = await Promise.all(tokens)
    expect(results[0]).toEqual(new Map([[0, 0]]))
    expect(results[298]).toBe('x'.repeat(298 * 20))
    expect(results[299]).toBe(299)
  })
})

describe('errors', () => {
  it('arrive with name, message, stack and cause', async () => {
    const token = test.submit('fail', 'on purpose')
    const error: unknown = await token.then(
      () => 'completed',
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      kind: 'operation-failed',
      name: 'RangeError',
      message: 'on purpose',
      stack: expect.stringContaining('operations.fixture'),
      cause: { message: 'the reason behind it' },
    })
    expect(test.scheduler.reports.operations().find((each) => each.operation === 'fail')?.lastError).toMatchObject({
      message: 'on purpose',
    })
  })

  it.each([
    ['undefined', 'threw undefined'],
    ['text', 'just text'],
    ['an object', 'threw {"code":7}'],
    ['a cycle', 'threw a value that cannot be described'],
  ])('that are no errors are described: %s', async (which, message) => {
    await expect(test.submit('throw', which).outcome).rejects.toMatchObject({ kind: 'operation-failed', message })
  })

  it.each(['an error whose message throws', 'an error of errors in a circle'])(
    '%s fails its token alone',
    async (which) => {
      const before = test.worker(1, 0)?.restarts
      await expect(test.submit('throw', which).outcome).rejects.toMatchObject({ kind: 'operation-failed' })
      expect(await test.submit('echo', 'after')).toBe('after')
      expect(test.worker(1, 0)?.restarts).toBe(before)
    },
  )
})

describe('what is over', () => {
  const size = 1_000_000
  const count = 20
  const newestFirst = { by: 'sequence', direction: 'descending' } as const

  /** Bytes in use outside of the heap, after a collection. */
  function bytesHeld(): number {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    collect()
    return process.memoryUsage().arrayBuffers
  }

  /** Buffers are freed a moment after the collection that found them. */
  async function expectNoMoreThan(before: number): Promise<void> {
    await until('the memory is given back', () => bytesHeld() - before < 3 * size)
  }

  async function newestOf(operation: string): Promise<TokenDetail> {
    const { rows } = await test.scheduler.query({ operations: [operation] }, newestFirst, 0, 1)
    return test.scheduler.detail(rows[0]?.id ?? '')
  }

  function submitMany(operation: string, argument: () => unknown): TokenHandle[] {
    return Array.from({ length: count }, () => test.submit(operation, argument()))
  }

  it('keeps no large arguments and results alive, only what the inspector shows of them', async () => {
    await test.submit('noop')
    const before = bytesHeld()
    // In functions of their own, so that nothing here holds the results.
    await settleAll(submitMany('echo', () => new Uint8Array(size)))
    await settleAll(submitMany('measure', () => new Uint8Array(size)))
    await settleAll(submitMany('bytes', () => size))
    await expectNoMoreThan(before)
    expect((await newestOf('measure')).arguments).toMatchObject({ bytes: size, truncated: true })
    expect((await newestOf('bytes')).result).toMatchObject({ bytes: size, truncated: true })
  })

  it.each(['at the gate', 'in a mailbox'])('keeps no large arguments of tokens that were killed %s', async (where) => {
    await test.submit('noop')
    const before = bytesHeld()
    const gate = where === 'at the gate' ? 10 : 11
    const executing = test.submit('hold', gate)
    await test.arrival(gate)
    if (where === 'at the gate') test.command('pause', { kind: 'all' })
    const tokens = submitMany('measure', () => new Uint8Array(size))
    const expected = where === 'at the gate' ? 'WAITING' : 'ADMITTED'
    await until(`they are ${where}`, () => tokens.every((token) => test.stateOf(token) === expected))
    test.commandOn('kill', ...tokens)
    await settleAll(tokens)
    test.board.open(gate)
    test.command('resume', { kind: 'all' })
    await executing
    await expectNoMoreThan(before)
    expect(await newestOf('measure')).toMatchObject({ state: 'KILLED', arguments: { bytes: size, truncated: true } })
  })

  it('answers a late question for a result it has not kept with what to do', async () => {
    const token = test.submit('bytes', 1_000_000)
    const settlement = test.scheduler.settlement(test.idOf(token))
    await token
    expect((await settlement).value).toHaveLength(1_000_000)
    expect(() => test.scheduler.settlement(test.idOf(token))).toThrow(/was not kept/)
    const small = test.submit('echo', 'small')
    await small
    expect(await test.scheduler.settlement(test.idOf(small))).toMatchObject({ state: 'COMPLETED', value: 'small' })
  })
})
