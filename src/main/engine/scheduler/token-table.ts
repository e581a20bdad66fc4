import type { ErrorData } from '../../../shared/errors.ts'
import { legalTransitions, type TokenState, tokenStates } from '../../../shared/model/token.ts'
import { SequenceIndex } from './sequence-index.ts'
import type { TokenRecordExtra } from './token-extra.ts'
import type { TokenHandle } from './token-handle.ts'
import { QueueLinks } from './token-queue.ts'

/** States as numbers, for columns. */
export const stateNumbers = Object.fromEntries(tokenStates.map((state, index) => [state, index])) as Readonly<
  Record<TokenState, number>
>
const terminalFrom = stateNumbers.COMPLETED

/** legal[from * 8 + to] is 1 when the model's table allows the step. */
const legal = new Uint8Array(64)
for (const from of tokenStates) {
  for (const to of legalTransitions[from]) legal[stateNumbers[from] * 8 + stateNumbers[to]] = 1
}

export const tokenFlags = {
  /** Paused by a person, by itself. */
  held: 1,
  /** Settled, but its code still occupies the worker. */
  stopping: 2,
  /** An idle core outside of its eligible range took it. */
  stolen: 4,
  /** Arguments stay behind until the worker asks. */
  pulled: 8,
  /** Tags bind it, its own or those of a token above it: it has marks. */
  marked: 16,
  /** A lane made it of a tuple that comes back by itself when the host dies. */
  fromTuple: 32,
  /** Neither its arguments nor its result are shown or kept. */
  secret: 64,
} as const

/**
 * Every token the scheduler keeps, one slot each: all live ones, and the newest finished ones up to a bound. Columns instead of
 * objects: a million tokens then cost the garbage collector nothing, and telemetry and queries read what the hot path wrote.
 * Times are engine microseconds; 0 means "not yet".
 */
export class TokenTable {
  capacity = 0
  sequence = new Float64Array(0)
  state = new Uint8Array(0)
  flags = new Uint8Array(0)
  weight = new Uint8Array(0)
  operation = new Int32Array(0)
  attempt = new Uint16Array(0)
  parent = new Float64Array(0)
  /** Number of the worker in the scheduler's list, -1 before placement. */
  worker = new Int16Array(0)
  /** Record number in that worker's mailbox. */
  record = new Float64Array(0)
  position = new Float64Array(0)
  createdAt = new Float64Array(0)
  admittedAt = new Float64Array(0)
  startedAt = new Float64Array(0)
  endedAt = new Float64Array(0)
  /** Milliseconds; 0 for none. */
  timeout = new Float64Array(0)
  queueTimeout = new Float64Array(0)
  readonly values: (readonly unknown[] | null)[] = []
  readonly results: unknown[] = []
  readonly errors: (ErrorData | null)[] = []
  readonly handles: (TokenHandle | null)[] = []
  readonly extras: (TokenRecordExtra | null)[] = []
  readonly links = new QueueLinks()
  readonly index = new SequenceIndex()

  /** The newest token's sequence. */
  created = 0
  /** Sequences up to this one are of earlier runs of the host. */
  countedFrom = 0
  live = 0
  evicted = 0
  /** Grows with every change of any token. */
  version = 0
  /** Hears of a token that the history is about to let go of, while it can still be read. */
  onEvict: ((slot: number) => void) | null = null
  #takenOver = 0
  #free = new Int32Array(0)
  #freeCount = 0
  readonly #finished: Int32Array
  #finishedHead = 0
  #finishedCount = 0
  #historyMax: number

  constructor(historyMax: number) {
    this.#historyMax = historyMax
    this.#finished = new Int32Array(historyMax)
    this.#grow(1024)
  }

  get kept(): number {
    return this.live + this.#finishedCount
  }

  /** Tokens that this run accepted or took over. */
  get accepted(): number {
    return this.created - this.countedFrom + this.#takenOver
  }

  /** Everything so far is of earlier runs; further tokens are numbered from the one after `sequence`. */
  countFrom(sequence: number): void {
    this.created = Math.max(this.created, sequence)
    this.countedFrom = this.created
    this.#takenOver = this.kept
  }

  /** Takes a free slot for a new token in state CREATED; the caller fills the rest. Without a sequence it gets the next one. */
  add(sequence = this.created + 1): number {
    if (this.#freeCount === 0) this.#grow(this.capacity * 2)
    this.#freeCount -= 1
    const slot = this.#free[this.#freeCount] ?? 0
    this.created = Math.max(this.created, sequence)
    this.live += 1
    this.version += 1
    this.sequence[slot] = sequence
    this.state[slot] = stateNumbers.CREATED
    this.flags[slot] = 0
    this.worker[slot] = -1
    this.admittedAt[slot] = 0
    this.startedAt[slot] = 0
    this.endedAt[slot] = 0
    this.index.set(sequence, slot)
    return slot
  }

  /** Slot of a kept token, or -1. */
  find(sequence: number): number {
    return this.index.get(sequence)
  }

  sequencesOf(slots: Int32Array): Float64Array {
    const sequences = new Float64Array(slots.length)
    for (let at = 0; at < slots.length; at++) sequences[at] = this.sequence[slots[at] ?? 0] ?? 0
    return sequences
  }

  isTerminal(slot: number): boolean {
    return (this.state[slot] ?? 0) >= terminalFrom
  }

  stateOf(slot: number): TokenState {
    return tokenStates[this.state[slot] ?? 0] ?? 'CREATED'
  }

  /** Moves the token on. An illegal step is a fault of ours and throws. */
  move(slot: number, to: number): void {
    const from = this.state[slot] ?? 0
    if (legal[from * 8 + to] !== 1)
      throw new Error(`a token may not go from ${tokenStates[from]} to ${tokenStates[to]}`)
    this.state[slot] = to
    this.version += 1
  }

  has(slot: number, flag: number): boolean {
    return ((this.flags[slot] ?? 0) & flag) !== 0
  }

  setFlag(slot: number, flag: number, on: boolean): void {
    const flags = this.flags[slot] ?? 0
    this.flags[slot] = on ? flags | flag : flags & ~flag
  }

  /** The token has ended for good: it joins the history, and the oldest of the history may leave. */
  finish(slot: number): void {
    this.live -= 1
    if (this.#finishedCount === this.#historyMax) this.#evictOldest()
    const at = (this.#finishedHead + this.#finishedCount) % this.#historyMax
    this.#finished[at] = slot
    this.#finishedCount += 1
  }

  #evictOldest(): void {
    const slot = this.#finished[this.#finishedHead] ?? 0
    this.onEvict?.(slot)
    this.#finishedHead = (this.#finishedHead + 1) % this.#historyMax
    this.#finishedCount -= 1
    this.evicted += 1
    this.index.delete(this.sequence[slot] ?? 0)
    this.values[slot] = null
    this.results[slot] = undefined
    this.errors[slot] = null
    this.handles[slot] = null
    this.extras[slot] = null
    this.sequence[slot] = 0
    this.#free[this.#freeCount++] = slot
  }

  #grow(capacity: number): void {
    const old = this.capacity
    this.capacity = capacity
    this.sequence = into(new Float64Array(capacity), this.sequence)
    this.state = into(new Uint8Array(capacity), this.state)
    this.flags = into(new Uint8Array(capacity), this.flags)
    this.weight = into(new Uint8Array(capacity), this.weight)
    this.operation = into(new Int32Array(capacity), this.operation)
    this.attempt = into(new Uint16Array(capacity), this.attempt)
    this.parent = into(new Float64Array(capacity), this.parent)
    this.worker = into(new Int16Array(capacity), this.worker)
    this.record = into(new Float64Array(capacity), this.record)
    this.position = into(new Float64Array(capacity), this.position)
    this.createdAt = into(new Float64Array(capacity), this.createdAt)
    this.admittedAt = into(new Float64Array(capacity), this.admittedAt)
    this.startedAt = into(new Float64Array(capacity), this.startedAt)
    this.endedAt = into(new Float64Array(capacity), this.endedAt)
    this.timeout = into(new Float64Array(capacity), this.timeout)
    this.queueTimeout = into(new Float64Array(capacity), this.queueTimeout)
    this.links.grow(capacity)
    const free = new Int32Array(capacity)
    free.set(this.#free)
    this.#free = free
    // Lowest slots on top, so that a small load stays in a small part of the table.
    for (let slot = capacity - 1; slot >= old; slot--) {
      this.#free[this.#freeCount++] = slot
      this.links.queueOf[slot] = null
    }
    for (let slot = old; slot < capacity; slot++) {
      this.values.push(null)
      this.results.push(undefined)
      this.errors.push(null)
      this.handles.push(null)
      this.extras.push(null)
    }
  }
}

function into<T extends Float64Array | Uint8Array | Int32Array | Uint16Array | Int16Array>(target: T, source: T): T {
  target.set(source)
  return target
}
