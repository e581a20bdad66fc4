import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import { assert } from '../../../shared/assert.ts'

const boardKey = 'guardhouse.test.board'

/** Words of one gate. */
const gateWords = { open: 0, entered: 1, count: 2 } as const
const gateCount = 16_384
const mostRuns = 200_000

/**
 * Memory that a test shares with the operations it runs, whichever thread runs them and however often that thread is replaced:
 * how often each numbered token ran, and gates at which operations stand until the test opens them.
 */
export class Board {
  readonly gates = gateCount
  readonly #runs: Int32Array
  readonly #gates: Int32Array

  private constructor(memory: SharedArrayBuffer) {
    this.#gates = new Int32Array(memory, 0, gateCount * gateWords.count)
    this.#runs = new Int32Array(memory, gateCount * gateWords.count * 4, mostRuns)
  }

  /** A new board, which every thread started from now on inherits. */
  static create(): Board {
    const memory = new SharedArrayBuffer((gateCount * gateWords.count + mostRuns) * 4)
    setEnvironmentData(boardKey, memory)
    return new Board(memory)
  }

  /** The board of whoever started this thread. */
  static inherited(): Board {
    const memory = getEnvironmentData(boardKey)
    assert(memory instanceof SharedArrayBuffer, 'a test that uses these operations makes a board first')
    return new Board(memory)
  }

  /** Notes one more run of a numbered token. */
  markRun(number: number): void {
    assert(number >= 0 && number < mostRuns, `the board has ${mostRuns} numbers`)
    Atomics.add(this.#runs, number, 1)
  }

  /** Writes a value of the test's own in place of a count of runs; returns what was there. */
  swap(number: number, value: number): number {
    return Atomics.exchange(this.#runs, number, value)
  }

  /** The same only where `expected` stands; returns what was there. */
  swapIf(number: number, expected: number, value: number): number {
    return Atomics.compareExchange(this.#runs, number, expected, value)
  }

  /** How often the numbered token has run. */
  runs(number: number): number {
    return Atomics.load(this.#runs, number)
  }

  /** Runs of the numbers 0 to `count` - 1. */
  firstRuns(count: number): number[] {
    return Array.from(this.#runs.subarray(0, count))
  }

  /** Stands at the gate until it is open, and holds the thread meanwhile. */
  enter(gate: number): void {
    this.arrive(gate)
    Atomics.wait(this.#gates, gate * gateWords.count + gateWords.open, 0)
  }

  /** The same without holding the thread. */
  async enterAsync(gate: number): Promise<void> {
    this.arrive(gate)
    await Atomics.waitAsync(this.#gates, gate * gateWords.count + gateWords.open, 0).value
  }

  /** Notes that an operation has come to the gate, without standing at it. */
  arrive(gate: number): void {
    assert(gate >= 0 && gate < gateCount, `the board has ${gateCount} gates`)
    Atomics.add(this.#gates, gate * gateWords.count + gateWords.entered, 1)
  }

  /** How many operations have come to the gate so far. */
  arrived(gate: number): number {
    return Atomics.load(this.#gates, gate * gateWords.count + gateWords.entered)
  }

  open(gate: number): void {
    const word = gate * gateWords.count + gateWords.open
    Atomics.store(this.#gates, word, 1)
    Atomics.notify(this.#gates, word)
  }
}
