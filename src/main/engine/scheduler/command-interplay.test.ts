import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestScheduler } from './scheduler.fixture.ts'
import type { TokenHandle } from './token-handle.ts'
import { until } from './until.fixture.ts'

/** Global, per-operation and per-token pauses at once, and sets of tokens frozen by a preview. */

let test: TestScheduler

beforeAll(async () => {
  test = await TestScheduler.create({ options: { killGraceMs: 600_000 } })
})
afterAll(async () => {
  await test[Symbol.asyncDispose]()
})

const all = { kind: 'all' } as const
const ofCount = { kind: 'operation', operation: 'count' } as const

/** Tokens in the order of their runs: each notes what had run before it. */
async function orderOfRuns(tokens: readonly TokenHandle[]): Promise<TokenHandle[]> {
  await Promise.all(tokens)
  const startOf = new Map(tokens.map((token) => [token, test.detailOf(token).times.started ?? 0]))
  return [...tokens].sort((a, b) => (startOf.get(a) ?? 0) - (startOf.get(b) ?? 0))
}

describe('two pauses at once', () => {
  it('a resumed gate leaves a paused operation held', async () => {
    test.command('pause', all)
    test.command('pause', ofCount)
    const held = test.submit('count', 1)
    const free = test.submit('noop')
    test.command('resume', all)
    await free
    expect(test.stateOf(held)).toBe('WAITING')
    test.command('resume', ofCount)
    expect(await held).toBe(1)
  })

  it('a resumed operation stays behind a paused gate', async () => {
    test.command('pause', all)
    test.command('pause', ofCount)
    const held = test.submit('count', 2)
    test.command('resume', ofCount)
    expect(test.stats.token_pool.paused).toBe(true)
    // What may go is placed before the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    expect(test.stateOf(held)).toBe('WAITING')
    test.command('resume', all)
    expect(await held).toBe(2)
  })

  it('a second one of the same operation touches nothing, nor does a second resume', async () => {
    expect(test.command('pause', ofCount).affected).toBe(0)
    const held = [7, 8].map((number) => test.submit('count', number))
    expect(test.command('pause', ofCount).affected).toBe(0)
    expect(test.command('resume', ofCount).affected).toBe(2)
    expect(test.command('resume', ofCount).affected).toBe(0)
    await Promise.all(held)
  })

  it('a token paused by itself outlasts those of its operation and of the gate', async () => {
    test.command('pause', all)
    const held = test.submit('count', 3)
    const sibling = test.submit('count', 4)
    test.commandOn('pause', held)
    test.command('pause', ofCount)
    test.command('resume', ofCount)
    test.command('resume', all)
    await sibling
    expect(test.detailOf(held)).toMatchObject({ state: 'WAITING', held: true })
    test.commandOn('resume', held)
    expect(await held).toBe(3)
  })

  it('a token resumed while its operation is paused waits with the others of it', async () => {
    test.command('pause', ofCount)
    const token = test.submit('count', 5)
    test.commandOn('pause', token)
    test.commandOn('resume', token)
    await test.submit('noop')
    expect(test.detailOf(token)).toMatchObject({ state: 'WAITING', held: false })
    test.command('resume', ofCount)
    expect(await token).toBe(5)
  })

  it('can be drained and killed through', async () => {
    test.command('pause', all)
    test.command('pause', ofCount)
    const [drained, killed] = [test.submit('count', 6), test.submit('noop')]
    test.commandOn('pause', drained)
    expect(test.command('drain', ofCount).affected).toBe(1)
    expect(test.commandOn('kill', killed).affected).toBe(1)
    test.command('resume', all)
    test.command('resume', ofCount)
    await expect(drained.outcome).rejects.toMatchObject({ kind: 'killed' })
    await expect(killed.outcome).rejects.toMatchObject({ kind: 'killed' })
    expect(test.board.runs(6)).toBe(0)
  })
})

describe('a kill', () => {
  it('takes what waits before what runs, for a freed worker would begin it', async () => {
    const running = test.submit('listen', 40)
    await test.arrival(40)
    const waiting = [41, 42, 43].map((number) => test.submit('count', number))
    const ended: TokenHandle[] = []
    const noted = [running, ...waiting].map((token) => token.outcome.catch(() => ended.push(token)))
    expect(test.command('kill', all).affected).toBe(4)
    await Promise.all(noted)
    expect(ended).toEqual([...waiting, running])
    expect([41, 42, 43].map((number) => test.board.runs(number))).toEqual([0, 0, 0])
  })
})

describe('order', () => {
  it('is kept when an operation is paused and resumed among others', async () => {
    test.command('pause', all)
    const tokens = [10, 11, 12, 13, 14, 15].map((number) => test.submit(number % 2 === 0 ? 'count' : 'echo', number))
    test.command('pause', ofCount)
    const later = [16, 17].map((number) => test.submit(number % 2 === 0 ? 'count' : 'echo', number))
    test.command('resume', ofCount)
    test.command('resume', all)
    const submitted = [...tokens, ...later]
    expect(await orderOfRuns(submitted)).toEqual(submitted)
  })

  it('is kept when single tokens are paused and resumed', async () => {
    test.command('pause', all)
    const tokens = [20, 21, 22, 23, 24].map((number) => test.submit('count', number))
    const chosen = tokens.filter((_, index) => index === 0 || index === 3)
    test.commandOn('pause', ...chosen)
    test.commandOn('resume', ...chosen)
    test.command('resume', all)
    expect(await orderOfRuns(tokens)).toEqual(tokens)
  })

  it('gives a token that was held while others ran its place before what waits still', async () => {
    const executing = test.submit('hold', 1)
    await test.arrival(1)
    const held = test.submit('count', 30)
    test.commandOn('pause', held)
    test.command('pause', all)
    const behind = [31, 32].map((number) => test.submit('count', number))
    test.commandOn('resume', held)
    test.command('resume', all)
    test.board.open(1)
    await executing
    expect(await orderOfRuns([held, ...behind])).toEqual([held, ...behind])
  })
})

describe('a frozen set', () => {
  it('is what its preview told, by state and operation', async () => {
    const executing = test.submit('hold', 2)
    await test.arrival(2)
    const admitted = test.submit('count', 40)
    await until('it is admitted', () => test.stateOf(admitted) === 'ADMITTED')
    test.command('pause', all)
    const waiting = [41, 42].map((number) => test.submit('count', number))
    const preview = test.scheduler.previewCommand('kill', all)
    expect(preview).toMatchObject({
      waiting: 2,
      admitted: 1,
      executing: 1,
      children: 0,
      operations: [
        { operation: 'count', count: 3 },
        { operation: 'hold', count: 1 },
      ],
    })
    expect([...preview.sequences]).toEqual([executing, admitted, ...waiting].map((token) => token.sequence))
    expect(test.scheduler.previewCommand('drain', all)).toMatchObject({ waiting: 2, admitted: 0, executing: 0 })
    expect([...test.scheduler.previewCommand('drain', all).sequences]).toEqual(waiting.map((token) => token.sequence))
    test.command('resume', all)
    test.board.open(2)
    await Promise.all([executing, admitted, ...waiting])
  })

  it('is all that the command touches, whatever has come since and whatever has ended', async () => {
    test.command('pause', all)
    const [ended, target] = [test.submit('count', 50), test.submit('count', 51)]
    const { sequences } = test.scheduler.previewCommand('kill', all)
    const newcomer = test.submit('count', 52)
    test.commandOn('kill', ended)
    const context = { actor: 'a test', reason: 'frozen', sequences }
    expect(test.scheduler.runCommand('kill', all, context)).toEqual({ affected: 1, alreadyEnded: 1, untouched: 0 })
    expect(test.stateOf(target)).toBe('KILLED')
    test.command('resume', all)
    expect(await newcomer).toBe(52)
  })

  it('leaves those that have moved on to where the command does not act', async () => {
    test.command('pause', all)
    const token = test.submit('hold', 3)
    const { sequences } = test.scheduler.previewCommand('drain', all)
    test.command('resume', all)
    await until('it runs', () => test.board.arrived(3) === 1)
    const context = { actor: 'a test', reason: 'frozen', sequences }
    expect(test.scheduler.runCommand('drain', all, context)).toEqual({ affected: 0, alreadyEnded: 0, untouched: 1 })
    test.board.open(3)
    expect(await token).toBe(3)
  })

  it('counts the children of its tokens that are outside of it', async () => {
    const lead = test.submit('lead', 'hold', 4)
    await until('its child runs', () => test.board.arrived(4) === 1)
    const preview = test.scheduler.previewCommand('kill', { kind: 'tokens', ids: [test.idOf(lead)] })
    expect(preview).toMatchObject({ executing: 1, children: 1 })
    expect(test.scheduler.previewCommand('kill', all).children).toBe(0)
    test.board.open(4)
    await lead
  })
})
