import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findEntries } from '../../entries.ts'
import { ReceiptsClient } from '../receipts/receipts-client.ts'
import { TokenRecorder } from '../receipts/token-recorder.ts'
import type { AnswerSource, CallAnswer } from './call-answers.ts'
import { runnableOperations, TestScheduler } from './scheduler.fixture.ts'
import { until } from './until.fixture.ts'

const cache = { cache: true }
const cached = runnableOperations({ 'count.async': cache, 'echo.async': cache, hold: cache, fail: cache })

/** Answers from what a test gives it; equal arguments are equal calls. */
class Answers implements AnswerSource {
  readonly known = new Map<string, unknown>()
  asked = 0

  async answer(operationType: string, values: readonly unknown[]): Promise<CallAnswer> {
    this.asked += 1
    if (values[0] === 'unreadable') throw new Error('the disk is gone')
    const inputHash = JSON.stringify([operationType, values])
    const hit = this.known.has(inputHash) ? { receipt: 'r'.repeat(64), value: this.known.get(inputHash) } : null
    return { inputHash, hit }
  }
}

describe('an operation with the tag cache', () => {
  it('is answered from a receipt without running, and says where the answer came from', async () => {
    const answers = new Answers()
    answers.known.set('["count.async",[7]]', 'from before')
    await using test = await TestScheduler.create({ operations: cached, answers })
    const token = test.submit('count.async', 7)
    expect(await token).toBe('from before')
    expect(test.board.runs(7)).toBe(0)
    expect(test.detailOf(token)).toMatchObject({ state: 'COMPLETED', core: null })
  })

  it('runs once for equal calls at one time, and for other arguments again', async () => {
    await using test = await TestScheduler.create({ operations: cached, answers: new Answers(), cores: 2 })
    const same = Array.from({ length: 8 }, () => test.submit('hold', 1))
    const other = test.submit('count.async', 5)
    await test.arrival(1)
    expect(await other).toBe(5)
    expect(same.filter((token) => test.stateOf(token) === 'WAITING')).toHaveLength(7)
    expect(test.detailOf(same[7] ?? other).waitingBecause).toContain('waits for that answer')
    test.board.open(1)
    expect(await Promise.all(same.map((token) => token.outcome))).toEqual(Array(8).fill(1))
    expect(test.board.arrived(1)).toBe(1)
  })

  it('gives each of equal calls a copy of its own', async () => {
    await using test = await TestScheduler.create({ operations: cached, answers: new Answers() })
    const tokens = [test.submit('echo.async', { list: [1] }), test.submit('echo.async', { list: [1] })] as const
    const [one, other] = (await Promise.all(tokens)) as [{ list: number[] }, { list: number[] }]
    expect(test.detailOf(tokens[1])).toMatchObject({ state: 'COMPLETED', core: null })
    one.list.push(2)
    expect(other).toEqual({ list: [1] })
  })

  it('lets the next of equal calls run when the one that ran was killed', async () => {
    await using test = await TestScheduler.create({ operations: cached, answers: new Answers(), cores: 2 })
    const [first, second] = [test.submit('hold', 1), test.submit('hold', 1)]
    await test.arrival(1)
    test.commandOn('kill', first)
    await expect(first.outcome).rejects.toThrow('killed')
    test.board.open(1)
    expect(await second).toBe(1)
  })

  it('runs when its receipts cannot be read, and fails by itself', async () => {
    await using test = await TestScheduler.create({ operations: cached, answers: new Answers() })
    await expect(test.submit('fail', 'unreadable').outcome).rejects.toThrow('unreadable')
    const killed = test.submit('count.async', 1)
    test.commandOn('kill', killed)
    await expect(killed.outcome).rejects.toThrow('killed')
  })
})

it('receipts of tokens tell who ran what, and answer the next equal call', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guardhouse-answers-'))
  const client = new ReceiptsClient(findEntries().receipts, folder, () => undefined)
  const recorder = new TokenRecorder({
    client,
    policy: () => 'tagged',
    codeOf: () => ({ module: 'test.ops.ts', sha256: 'c'.repeat(64), workspace: '1' }),
    epochWall: 1_780_000_000_000,
    cpuQuotaPct: () => 95,
    notice: () => undefined,
  })
  {
    await using test = await TestScheduler.create({ operations: cached, answers: recorder })
    test.scheduler.observer.listen(recorder)
    const first = test.submit('count.async', 3)
    expect(await first).toBe(3)
    await until('the receipt is kept', () => recorder.kept === 1)
    const second = test.submit('count.async', 3)
    expect(await second).toBe(3)
    expect(test.board.runs(3)).toBe(1)
    await until('the second receipt is kept', () => recorder.kept === 2)
    const id = await client.ask('ofToken', test.idOf(second))
    const { text, status } = await client.ask('detail', id ?? '')
    expect(status).toBe('cached')
    expect(JSON.parse(text).run.answered_from).toBe(await client.ask('ofToken', test.idOf(first)))
    expect((await client.ask('verify', id ?? '')).receipts).toBe(2)
  }
  await client.close()
  rmSync(folder, { recursive: true })
})
