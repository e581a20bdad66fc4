import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RetryableError } from '../../sdk/index.ts'
import { CallDesk } from '../bus/kernel/call-desk.ts'
import { CallGuards } from '../bus/kernel/call-guards.ts'
import { kernelPolicyFrom } from '../bus/kernel/kernel-policy.ts'
import type { ServiceCaller } from '../scheduler/context-services.ts'
import { type AskKernel, guardedCall, isProviderFault } from './guarded-call.ts'

beforeEach(() => {
  process.env.YOOL_API_BACKOFF_BASE_MS = '1'
})
afterEach(() => {
  delete process.env.YOOL_API_BACKOFF_BASE_MS
})

function start(environment: Record<string, string> = {}) {
  const policy = kernelPolicyFrom(environment)
  const guards = new CallGuards(policy)
  const desk = new CallDesk(guards, policy)
  /** A token: its calls cross to the desk as copies, and it can end. */
  const token = () => {
    const endings: (() => void)[] = []
    const stop = new AbortController()
    const caller = {
      signal: stop.signal,
      onEnd: (listener: () => void) => endings.push(listener),
    } as unknown as ServiceCaller
    const ask: AskKernel = async (method, values) =>
      structuredClone(await desk.call(method, structuredClone(values), caller))
    const end = () => {
      for (const ending of endings) ending()
    }
    return { ask, signal: stop.signal, stop: () => stop.abort(new Error('killed')), end }
  }
  return { guards, token }
}

const request = { yool: 'llm.text.ask', data: { prompt: 'same' } }
const busy = async (): Promise<string> => Promise.reject(new RetryableError('busy'))

describe('execute', () => {
  it('answers equal calls from one run, each with a copy of its own, and keeps authorities and providers apart', async () => {
    const { token, guards } = start()
    let calls = 0
    const run = async () => ({ list: [++calls] })
    const { ask, signal } = token()
    const [one, other] = await Promise.all([
      guardedCall(request, run, ask, signal),
      guardedCall(request, run, token().ask, signal),
    ])
    one.list.push(99)
    expect(other).toEqual({ list: [1] })
    expect(await guardedCall(request, run, ask, signal)).toEqual({ list: [1] })
    await guardedCall({ ...request, authority: 'other' }, run, ask, signal)
    await guardedCall({ ...request, provider: 'acme' }, run, ask, signal)
    await guardedCall({ ...request, cache: false }, run, ask, signal)
    expect(calls).toBe(4)
    expect(guards.answers.report()).toMatchObject({ entries: 3, hits: 1, shared: 1 })
  })

  it('lets the next of equal calls run when a token ends in the middle', async () => {
    const { token } = start()
    const [first, second] = [token(), token()]
    void guardedCall(request, () => new Promise<string>(() => undefined), first.ask, first.signal)
    const answer = guardedCall(request, async () => 'second', second.ask, second.signal)
    await new Promise((resolve) => setImmediate(resolve))
    first.end()
    expect(await answer).toBe('second')
  })

  it('gives its own caller a result that cannot cross to others, and keeps it from nobody', async () => {
    const { token } = start()
    const { ask, signal } = token()
    const result = await guardedCall(request, async () => ({ again: () => 1 }), ask, signal)
    expect(result.again()).toBe(1)
    expect(await guardedCall(request, async () => 'plain', ask, signal)).toBe('plain')
  })

  it('refuses data that could not be told from other data, and a provider without a name', async () => {
    const { token } = start()
    const { ask, signal } = token()
    const run = async () => 'never'
    const dated = { yool: 'a.b.c', data: { when: new Date(0) as never } }
    await expect(guardedCall(dated, run, ask, signal)).rejects.toThrow('call.data.when is a Date')
    const nameless = { ...request, provider: '' }
    await expect(guardedCall(nameless, run, ask, signal)).rejects.toMatchObject({ kind: 'bad-request' })
  })

  it('tries a provider again, then leaves it alone, and only for its own faults', async () => {
    const { token, guards } = start({ YOOL_CIRCUIT_FAILURE_THRESHOLD: '2' })
    const { ask, signal } = token()
    const call = { ...request, provider: 'acme', cache: false }
    let calls = 0
    const counted = (run: () => Promise<string>) => () => {
      calls += 1
      return run()
    }
    const wrong = counted(async () => Promise.reject(new TypeError('a mistake of mine')))
    for (let n = 0; n < 3; n++) await expect(guardedCall(call, wrong, ask, signal)).rejects.toThrow('mistake')
    expect(guards.providers.reports().acme).toMatchObject({ state: 'closed', faults: 0 })
    expect(calls).toBe(3)
    await expect(guardedCall({ ...call, retries: 0 }, counted(busy), ask, signal)).rejects.toThrow('busy')
    expect(calls).toBe(4)
    await expect(guardedCall({ ...call, retries: 1 }, counted(busy), ask, signal)).rejects.toThrow('circuit of acme')
    await expect(guardedCall(call, counted(busy), ask, signal)).rejects.toMatchObject({ kind: 'overloaded' })
    expect(calls).toBe(5)
    await expect(guardedCall({ ...call, provider: 'other' }, async () => 'well', ask, signal)).resolves.toBe('well')
  })

  it.each(['YOOL_API_MAX_RETRIES', 'YOOL_TUPLE_API_MAX_RETRIES'])('with %s=0 calls a provider once', async (name) => {
    const { token } = start()
    const { ask, signal } = token()
    let calls = 0
    const counted = () => {
      calls += 1
      return busy()
    }
    process.env[name] = '0'
    await expect(guardedCall({ ...request, provider: 'acme' }, counted, ask, signal)).rejects.toThrow('busy')
    delete process.env[name]
    expect(calls).toBe(1)
    await expect(guardedCall({ ...request, provider: 'acme' }, counted, ask, signal)).rejects.toThrow('busy')
    expect(calls).toBe(5)
  })

  it("takes the failure of a call that was killed for nobody's fault", async () => {
    const { token, guards } = start({ YOOL_CIRCUIT_FAILURE_THRESHOLD: '1' })
    const { ask, signal, stop } = token()
    const killed = async () => {
      stop()
      return busy()
    }
    await expect(guardedCall({ ...request, provider: 'acme' }, killed, ask, signal)).rejects.toThrow('busy')
    expect(guards.providers.reports().acme).toMatchObject({ state: 'closed', faults: 0 })
  })

  it('succeeds after faults, and hears of a kill while it waits for the next attempt', async () => {
    const { token } = start()
    const { ask, signal, stop } = token()
    let calls = 0
    const second = async () => (++calls < 3 ? busy() : 'third')
    expect(await guardedCall({ ...request, provider: 'acme' }, second, ask, signal)).toBe('third')
    process.env.YOOL_API_BACKOFF_BASE_MS = '600000'
    process.env.YOOL_API_BACKOFF_MAX_MS = '600000'
    const waiting = guardedCall({ ...request, provider: 'acme', cache: false }, busy, ask, signal)
    setImmediate(stop)
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    delete process.env.YOOL_API_BACKOFF_MAX_MS
  })

  it('sends long texts to a provider compressed, and whole where nobody asks for that', async () => {
    const { token } = start()
    const { ask, signal } = token()
    const data = { prompt: 'p'.repeat(20_000) }
    const seen = (sent: { readonly prompt?: unknown }) => typeof sent.prompt
    expect(await guardedCall({ ...request, data }, seen, ask, signal)).toBe('string')
    expect(await guardedCall({ ...request, data, provider: 'acme' }, seen, ask, signal)).toBe('object')
    const call = { ...request, data, provider: 'acme', cache: false, compressContext: false }
    expect(await guardedCall(call, seen, ask, signal)).toBe('string')
  })

  it('returns with the quicker of two ways only for what is idempotent', async () => {
    const { token } = start()
    const { ask, signal } = token()
    let stopped = false
    const slow = (_: unknown, stop: AbortSignal) => {
      stop.addEventListener('abort', () => {
        stopped = true
      })
      return new Promise<string>(() => undefined)
    }
    const call = { yool: 'a.b.c', backup: async () => 'backup' }
    expect(await guardedCall({ ...call, data: { idempotent: true } }, slow, ask, signal)).toBe('backup')
    expect(stopped).toBe(true)
    expect(await guardedCall({ ...call, data: {} }, async () => 'first', ask, signal)).toBe('first')
  })
})

it.each([
  [new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }), true],
  [new DOMException('late', 'TimeoutError'), true],
  [new RetryableError('busy'), true],
  [new TypeError('undefined is not a function'), false],
  [new DOMException('stop', 'AbortError'), false],
  ['text', false],
])('takes %s for the fault of a provider: %s', (error, expected) => {
  expect(isProviderFault(error)).toBe(expected)
})
