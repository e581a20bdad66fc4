import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest'
import { GuardhouseError } from '../../shared/errors.ts'
import type { RuntimeToken } from '../../shared/model/runtime.ts'
import { TaskToken } from './task-token.ts'

interface SteeredToken<T> {
  readonly token: TaskToken<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
  readonly kills: string[]
}

function steeredToken<T>(): SteeredToken<T> {
  const outcome = Promise.withResolvers<unknown>()
  const kills: string[] = []
  const runtimeToken: RuntimeToken = {
    accepted: Promise.resolve('sum-1'),
    outcome: outcome.promise,
    status: async () => ({
      id: 'sum-1',
      state: 'WAITING',
      operationType: 'sum',
      age: 1,
      waited: 1,
      ran: null,
      core: null,
    }),
    kill: async (reason) => {
      kills.push(reason)
      outcome.reject(new GuardhouseError('killed', reason))
      return true
    },
  }
  return { token: new TaskToken<T>('sum', runtimeToken), resolve: outcome.resolve, reject: outcome.reject, kills }
}

function settledToken<T>(value: T): TaskToken<T> {
  const { token, resolve } = steeredToken<T>()
  resolve(value)
  return token
}

afterEach(() => {
  vi.useRealTimers()
})

describe('awaiting a token', () => {
  test('gives every awaiter the result, before and after it arrived', async () => {
    const { token, resolve } = steeredToken<number>()
    const early = [token.then((value) => value + 1), token.get(), Promise.all([token, token])]
    resolve(41)
    expect(await Promise.all(early)).toEqual([42, 41, [41, 41]])
    expect(await token).toBe(41)
  })

  test('rejects every awaiter with the one error of the token', async () => {
    const { token, reject } = steeredToken<number>()
    const error = new GuardhouseError('operation-failed', 'boom')
    reject(error)
    await expect(token).rejects.toBe(error)
    await expect(token.get()).rejects.toBe(error)
    await expect(token.catch((caught: unknown) => caught)).resolves.toBe(error)
  })

  test('raises no unhandled rejection when nobody listens', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const { token, reject } = steeredToken<number>()
    reject(new Error('nobody looks'))
    token.map((value) => value)
    new TaskToken('refused', {
      accepted: Promise.reject(new Error('not taken')),
      outcome: Promise.reject(new Error('not taken')),
      status: token.status,
      kill: token.kill,
    })
    // Node reports unhandled rejections after the microtasks of a turn.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  test('stands for a Promise in the type system and says what it is', () => {
    const token: Promise<string> = settledToken('x')
    expectTypeOf(TaskToken.of(token)).toEqualTypeOf<TaskToken<string>>()
    expect(TaskToken.of(token)).toBe(token)
    expect(Object.prototype.toString.call(token)).toBe('[object TaskToken]')
    expect(() => TaskToken.of(Promise.resolve(1))).toThrow(/is not a TaskToken/)
  })
})

describe('get with a timeout', () => {
  test('gives up for this awaiter alone', async () => {
    vi.useFakeTimers()
    const { token, resolve, kills } = steeredToken<number>()
    const impatient = token.get({ timeoutMs: 50 })
    const patient = token.get({ timeoutMs: 5000 })
    const refusal = expect(impatient).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining("'sum' has not ended within 50 ms"),
    })
    await vi.advanceTimersByTimeAsync(50)
    await refusal
    expect(token.peek()).toEqual({ state: 'pending' })
    expect(kills).toEqual([])
    resolve(7)
    expect(await patient).toBe(7)
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([-1, Number.NaN, 86_400_001, '5' as never])('refuses timeoutMs %s', async (timeoutMs) => {
    const refusal = { kind: 'bad-request', message: expect.stringContaining('timeoutMs must be') }
    await expect(settledToken(1).get({ timeoutMs })).rejects.toMatchObject(refusal)
  })
})

describe('a token as a value', () => {
  test('has none until it is resolved', () => {
    const { token } = steeredToken<number>()
    expect(() => token.value).toThrow(/the token of 'sum' has no value yet/)
    expect(() => `${token}`).toThrow(/no value yet/)
    expect(() => Number(token)).toThrow(GuardhouseError)
    expect(token.peek()).toEqual({ state: 'pending' })
  })

  test('stands in arithmetic and text once it is resolved', async () => {
    const number = settledToken(20)
    const big = settledToken(2n)
    const date = settledToken(new Date(5))
    const list = settledToken([1, 2])
    await Promise.all([number, big, date, list])
    expect(Number(number) + 1).toBe(21)
    expect(`${number}`).toBe('20')
    expect((big as unknown as bigint) + 1n).toBe(3n)
    expect(+(date as unknown as number)).toBe(5)
    expect(`${list}`).toBe('1,2')
    expect(number.value).toBe(20)
    expect(number.peek()).toEqual({ state: 'fulfilled', value: 20 })
  })

  test('throws its own error once it failed', async () => {
    const { token, reject } = steeredToken<number>()
    const error = new Error('boom')
    reject(error)
    await token.catch(() => null)
    expect(() => token.value).toThrow(error)
    expect(() => `${token}`).toThrow(error)
    expect(token.peek()).toEqual({ state: 'rejected', error })
  })
})

describe('map', () => {
  test('projects the result once and stays the same token', async () => {
    const { token, resolve, kills } = steeredToken<number>()
    const project = vi.fn((value: number) => `#${value}`)
    const mapped = token.map(project)
    expectTypeOf(mapped).toEqualTypeOf<TaskToken<string>>()
    resolve(3)
    expect(await mapped).toBe('#3')
    expect(await mapped.get()).toBe('#3')
    expect(project).toHaveBeenCalledTimes(1)
    expect(await mapped.accepted).toBe('sum-1')
    expect((await mapped.status()).id).toBe('sum-1')
    await mapped.kill('enough')
    expect(kills).toEqual(['enough'])
  })

  test('rejects with what the projection throws and leaves the token alone', async () => {
    const token = settledToken(1)
    const mapped = token.map((): never => {
      throw new RangeError('cannot project')
    })
    await expect(mapped).rejects.toThrow(RangeError)
    expect(await token).toBe(1)
  })
})

describe('iterating over a token', () => {
  async function collect<T>(token: TaskToken<T>): Promise<unknown[]> {
    const items: unknown[] = []
    for await (const item of token) items.push(item)
    return items
  }

  test('yields the items of an iterable or async-iterable result', async () => {
    async function* letters() {
      yield 'a'
      yield 'b'
    }
    expect(await collect(settledToken([1, 2, 3]))).toEqual([1, 2, 3])
    expect(await collect(settledToken(new Map([[1, 2]])))).toEqual([[1, 2]])
    expect(await collect(settledToken('hi'))).toEqual(['h', 'i'])
    expect(await collect(settledToken(letters()))).toEqual(['a', 'b'])
  })

  test('is typed by the items', () => {
    const items = settledToken([1, 2])[Symbol.asyncIterator]()
    expectTypeOf(items).toEqualTypeOf<AsyncGenerator<number, void, undefined>>()
  })

  test('refuses any other result and passes errors on', async () => {
    await expect(collect(settledToken(5))).rejects.toThrow(/the result of 'sum' cannot be iterated over/)
    const { token, reject } = steeredToken<number[]>()
    reject(new Error('boom'))
    await expect(collect(token)).rejects.toThrow('boom')
  })
})
