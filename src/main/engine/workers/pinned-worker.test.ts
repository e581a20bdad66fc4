import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { findEntries } from '../../entries.ts'
import { Board } from '../scheduler/board.fixture.ts'
import { topologyOf } from '../scheduler/scheduler.fixture.ts'
import { until } from '../scheduler/until.fixture.ts'
import { PinnedWorker, type WorkerOwner } from './pinned-worker.ts'
import { ringCapacityFor } from './ring.ts'
import { ThreadSource } from './thread-source.ts'
import { MonotonicClock } from './worker-clock.ts'
import type { FromWorker, WorkerOperation } from './worker-protocol.ts'

const cpu = assertDefined(topologyOf(1).cores[0], 'a machine has a core').cpu
const moduleUrl = new URL('../scheduler/operations.fixture.ts', import.meta.url).href
const entries = findEntries()
const types = ['count', 'lead', 'lead.slow', 'launch', 'hold', 'exit', 'echo', 'hang']
const operations: WorkerOperation[] = types.map((operationType, index) => ({
  index,
  operationType,
  moduleUrl,
  processPool: false,
}))

// Sequences, which are slots here too, stay below.
const mostTokens = 1000

interface Ended {
  readonly sequence: number
  readonly value: unknown
  readonly error: ErrorData | null
  readonly startedAt: number
  readonly endedAt: number
}

/** One worker whose owner writes down what it is told. */
class TestWorker implements WorkerOwner, AsyncDisposable {
  readonly board = Board.create()
  readonly clock = new MonotonicClock()
  readonly ends: Ended[] = []
  readonly messages: FromWorker[] = []
  readonly deaths: { cause: ErrorData; planned: boolean }[] = []
  readonly worker: PinnedWorker
  readonly #threads = new ThreadSource(entries.worker, { sdkEntry: entries.sdk }, () => 256)
  readonly #tokens = {
    sequence: new Float64Array(mostTokens),
    operation: new Int32Array(mostTokens),
    attempt: new Uint16Array(mostTokens).fill(1),
    createdAt: new Float64Array(mostTokens),
    values: new Array<readonly unknown[] | null>(mostTokens).fill(null),
  }
  readonly #records = new Map<number, number>()

  constructor() {
    this.worker = new PinnedWorker(
      { core: 1, slot: 0, cpu },
      {
        size: { capacity: ringCapacityFor(16), arenaBytes: 1 << 14 },
        threads: this.#threads,
        processes: { entry: entries.process, sdkEntry: entries.sdk, heapMiB: () => 256 },
        clock: this.clock,
        mayWatch: true,
      },
      this,
    )
    this.worker.start(operations)
  }

  /** Puts a token into the mailbox; its sequence serves as its place in the table too. */
  push(sequence: number, operationType: string, ...values: unknown[]): number {
    const operation = types.indexOf(operationType)
    const slot = sequence
    this.#tokens.sequence[slot] = sequence
    this.#tokens.operation[slot] = operation
    this.#tokens.createdAt[slot] = this.clock.now()
    this.#tokens.values[slot] = values
    const record = this.worker.push(this.#tokens, slot, false)
    this.#records.set(sequence, record)
    this.worker.ring()
    return record
  }

  cancel(sequence: number): boolean {
    return this.worker.cancel(assertDefined(this.#records.get(sequence), 'it was pushed'), sequence)
  }

  async end(sequence: number): Promise<Ended> {
    await until(`token ${sequence} ends`, () => this.ends.some((each) => each.sequence === sequence))
    return assertDefined(
      this.ends.find((each) => each.sequence === sequence),
      'it has ended',
    )
  }

  /** The number under which a token's operation submitted its child. */
  async child(): Promise<number> {
    const isSubmit = (message: FromWorker) => message.type === 'submit'
    await until('a child is submitted', () => this.messages.some(isSubmit))
    const message = this.messages.find(isSubmit)
    return message?.type === 'submit' ? message.child : -1
  }

  ended(...[, , sequence, error, value, , startedAt, endedAt]: Parameters<WorkerOwner['ended']>): void {
    this.ends.push({ sequence, error, value, startedAt, endedAt })
  }

  drained(): void {
    return
  }

  message(_worker: PinnedWorker, message: FromWorker): void {
    this.messages.push(message)
  }

  gone(_worker: PinnedWorker, cause: ErrorData, planned: boolean): void {
    this.deaths.push({ cause, planned })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.dispose()
    await this.#threads.dispose()
  }
}

const workers: TestWorker[] = []

function makeWorker(): TestWorker {
  const worker = new TestWorker()
  workers.push(worker)
  return worker
}

afterEach(async () => {
  for (const worker of workers.splice(0)) await worker[Symbol.asyncDispose]()
})

describe('a pinned worker', () => {
  it('is bound before it takes anything, and says to what', async () => {
    const test = makeWorker()
    expect(test.worker).toMatchObject({ started: true, ready: false, binding: null })
    await until('it is ready', () => test.worker.ready)
    expect(test.worker.binding).toMatchObject({ asked: cpu, confirmed: [cpu], problem: null })
  })

  it.runIf(process.platform === 'linux')(
    'is where it says: the kernel lets its thread run on that CPU alone',
    async () => {
      const test = makeWorker()
      await until('it is ready', () => test.worker.ready)
      const status = readFileSync(`/proc/self/task/${test.worker.binding?.threadId}/status`, 'utf8')
      expect(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1]).toBe(String(cpu))
    },
  )

  it('runs its mailbox one after the other, in order', async () => {
    const test = makeWorker()
    for (let sequence = 1; sequence <= 8; sequence++) test.push(sequence, 'count', sequence)
    await test.end(8)
    expect(test.ends.map((each) => each.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    for (const [index, each] of test.ends.entries()) {
      expect(each.startedAt).toBeGreaterThanOrEqual(test.ends[index - 1]?.endedAt ?? 0)
      expect(each.endedAt).toBeGreaterThanOrEqual(each.startedAt)
    }
    expect(test.worker).toMatchObject({ depth: 0, executed: 8, backlog: 0 })
  })

  it('gives back what it has not begun, and only that', async () => {
    const test = makeWorker()
    test.push(1, 'hold', 1)
    await until('it holds', () => test.board.arrived(1) === 1)
    test.push(2, 'count', 2)
    test.push(3, 'count', 3)
    test.push(4, 'count', 4)
    expect(test.cancel(1)).toBe(false)
    expect(test.cancel(3)).toBe(true)
    expect(test.cancel(3)).toBe(false)
    expect(test.worker.reclaimOldest()).toBe(2)
    expect(test.worker).toMatchObject({ depth: 2, backlog: 1 })
    test.board.open(1)
    await test.end(4)
    expect(test.ends.map((each) => each.sequence)).toEqual([1, 4])
    expect(test.board.firstRuns(5)).toEqual([0, 0, 0, 0, 1])
    expect(test.worker.reclaimOldest()).toBe(-1)
  })

  it('refuses what its mailbox has no place for', async () => {
    const test = makeWorker()
    const records = Array.from({ length: 18 }, (_, index) => test.push(1 + index, 'count', 0))
    expect(records.filter((record) => record < 0)).toHaveLength(2)
    expect(test.worker.hasPlace).toBe(false)
    await test.end(16)
    expect(test.worker.hasPlace).toBe(true)
  })

  it('tells who runs and since when, and that nobody does', async () => {
    const test = makeWorker()
    expect(test.worker.runningSlot()).toBe(-1)
    test.push(5, 'hold', 1)
    await until('it holds', () => test.board.arrived(1) === 1)
    expect(test.worker.runningSlot()).toBe(5)
    expect(test.worker.runningSince()).toBeLessThanOrEqual(test.clock.now())
    test.board.open(1)
    await test.end(5)
    expect(test.worker.runningSlot()).toBe(-1)
  })

  it('knows how long its thread took to begin, and forgets it by and by', async () => {
    const test = makeWorker()
    const before = test.clock.now()
    test.push(1, 'count', 0)
    // The thread had to start and to load the module.
    const { startedAt } = await test.end(1)
    const slow = test.worker.wakeTime
    expect(slow).toBeGreaterThan(0)
    expect(slow).toBeLessThanOrEqual(startedAt - before)
    for (let sequence = 2; sequence < 12; sequence++) {
      test.push(sequence, 'count', 0)
      await test.end(sequence)
    }
    expect(test.worker.wakeTime).toBeLessThan(slow)
  })

  it('ends when it is told to retire, after what runs', async () => {
    const test = makeWorker()
    test.push(1, 'hold', 1)
    await until('it holds', () => test.board.arrived(1) === 1)
    test.push(2, 'count', 2)
    test.worker.retire()
    test.board.open(1)
    await until('it is gone', () => test.deaths.length > 0)
    expect(test.deaths).toMatchObject([{ planned: true }])
    expect(test.ends.map((each) => each.sequence)).toEqual([1])
    expect(test.board.runs(2)).toBe(0)
  })

  it('tells what it had finished before it tells that it is gone', async () => {
    const test = makeWorker()
    test.push(1, 'count', 1)
    test.push(2, 'exit', 9)
    await until('it is gone', () => test.deaths.length > 0)
    expect(test.ends).toMatchObject([{ sequence: 1, value: 1, error: null }])
    expect(test.deaths).toMatchObject([{ planned: false, cause: { message: expect.stringContaining('exit code 9') } }])
    expect(test.worker).toMatchObject({ started: false, depth: 0, restarts: 1, binding: null })
  })
})

describe('a token that waits for its child lends the thread', () => {
  it.each(['lead', 'lead.slow'])(
    'from the moment it waits to the moment its child has ended (%s)',
    async (operation) => {
      const test = makeWorker()
      test.push(1, operation, 'count', 1)
      const child = await test.child()
      await until('it is lent', () => test.worker.lending() === 1)
      await until('nobody holds it', () => test.worker.runningSlot() === -1)
      test.push(2, 'echo', 'meanwhile')
      expect(await test.end(2)).toMatchObject({ value: 'meanwhile' })
      expect(test.worker.lending()).toBe(1)
      test.worker.send({ type: 'child-accepted', child, id: 'count_1_1' })
      test.worker.send({ type: 'child-ended', child, value: 'from the child', run: null })
      expect(await test.end(1)).toMatchObject({ value: 'from the child' })
      expect(test.worker.lending()).toBe(0)
    },
  )

  it('and no longer when it has ended without waiting', async () => {
    const test = makeWorker()
    test.push(1, 'launch', 'count', 1)
    const child = await test.child()
    test.worker.send({ type: 'child-accepted', child, id: 'count_1_1' })
    await test.end(1)
    expect(test.worker.lending()).toBe(0)
    test.worker.send({ type: 'child-ended', child, value: null, run: null })
    test.push(2, 'echo', 'after')
    await test.end(2)
    expect(test.worker.lending()).toBe(0)
  })
})
