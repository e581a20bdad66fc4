import type { ErrorData } from '../../../shared/errors.ts'
import { type TokenState, tokenStates } from '../../../shared/model/token.ts'
import type { OperationEntry } from './operation-table.ts'
import type { SchedulerOptions } from './options.ts'
import type { TokenRecordExtra } from './token-extra.ts'
import { stateNumbers, type TokenTable } from './token-table.ts'

/**
 * accepted: the token is in the table and WAITING. started: it is EXECUTING. again: a further attempt of the same token is
 * WAITING. held: a person paused or resumed the token itself. ended: it is in a final state, for good. amended: what it told
 * between its end and the moment in which its code stopped has joined its record.
 */
export const tokenEventKinds = ['accepted', 'started', 'again', 'held', 'ended', 'amended'] as const
export type TokenEventKind = (typeof tokenEventKinds)[number]

/**
 * One event, read lazily from the token table. The same object serves every event of a batch and every batch: read what you
 * need inside the call and keep none of it but plain values. Columns are as they are *now*, so that of a token accepted and
 * ended in one turn the event `accepted` already shows the end; `kind` tells which step it was. Times are engine
 * microseconds, 0 for "not yet".
 */
export interface ObservedToken {
  readonly kind: TokenEventKind
  /** Row of the token table; later tokens may get the same. */
  readonly slot: number
  readonly sequence: number
  readonly id: string
  readonly operation: OperationEntry
  readonly state: TokenState
  readonly attempt: number
  /** Sequence of the parent, 0 for none. */
  readonly parent: number
  readonly createdAt: number
  readonly admittedAt: number
  readonly startedAt: number
  readonly endedAt: number
  /** Core and slot of the worker; null before placement. */
  readonly worker: { readonly core: number; readonly slot: number } | null
  /** Id of the parent while it is kept, else null. */
  readonly parentId: string | null
  /** What people and programs did to it. */
  readonly actions: TokenRecordExtra['actions']
  /** The receipt or token whose result it was given instead of running; null when it ran itself. */
  readonly answeredFrom: string | null
  /** The whole arguments, at `ended` also of a token of which the history keeps only a preview. Never change them. */
  readonly values: readonly unknown[]
  /** The whole result at `ended`, undefined before and for tokens that did not complete. Never change it. */
  readonly result: unknown
  /** Why it did not complete; null before the end. */
  readonly error: ErrorData | null
}

export interface TokenListener {
  /**
   * Called once at the end of each turn of the control thread in which a token changed, with the events in the order in which
   * they happened; more than once in a turn that has very many. It must only take notes: calling the scheduler from here, or
   * throwing, is a fault. `started` is told when the scheduler learns of it, for short tokens together with `ended`.
   */
  tokensChanged(events: Iterable<ObservedToken>): void
}

/** What the observer reads of the scheduler's state. */
export interface ObservedState {
  readonly table: TokenTable
  readonly options: SchedulerOptions
  readonly cores: { readonly length: number }
  operationOf(slot: number): OperationEntry
  workerOf(slot: number): { readonly core: number; readonly slot: number } | null
  idOf(slot: number): string
  /** By index. */
  operationNames(): string[]
}

/** Events told at once at the most; fewer than any history keeps, so that no row is reused before its end was told. */
const batchMax = 64

/**
 * Tells other parts of the engine (journal, receipts, reputation, metrics) what becomes of tokens. Without a listener an event
 * costs one comparison; with some, four array writes, and the listeners' own work once a turn.
 */
export class TokenObserver {
  readonly state: ObservedState
  readonly #view: View
  readonly #listeners: TokenListener[] = []
  readonly #kinds: (readonly TokenEventKind[])[] = []
  /** By number of the kind: whether anybody asked for it. */
  #wanted: readonly boolean[] = []
  #pending = false

  constructor(state: ObservedState) {
    this.state = state
    this.#view = new View(state)
  }

  /**
   * Tells `listener` of every event of these kinds from now on, and of such others as somebody else asked for. Kinds that nobody
   * asked for cost nothing. Returns the function that ends it.
   */
  listen(listener: TokenListener, kinds: readonly TokenEventKind[] = tokenEventKinds): () => void {
    this.#listeners.push(listener)
    this.#kinds.push(kinds)
    this.#countWanted()
    return () => {
      this.flush()
      const index = this.#listeners.indexOf(listener)
      if (index < 0) return
      this.#listeners.splice(index, 1)
      this.#kinds.splice(index, 1)
      this.#countWanted()
    }
  }

  accepted(slot: number): void {
    if (this.#wanted[0] === true) this.#note(0, slot, undefined)
  }

  started(slot: number): void {
    if (this.#wanted[1] === true) this.#note(1, slot, undefined)
  }

  again(slot: number): void {
    if (this.#wanted[2] === true) this.#note(2, slot, undefined)
  }

  held(slot: number): void {
    if (this.#wanted[3] === true) this.#note(3, slot, undefined)
  }

  /** To be called before the history cuts arguments and result. */
  ended(slot: number, result: unknown): void {
    if (this.#wanted[4] === true) this.#note(4, slot, result)
  }

  amended(slot: number): void {
    if (this.#wanted[5] !== true) return
    this.#note(5, slot, undefined)
    // Told at once: a token that ended long ago may leave the history in this very turn.
    this.flush()
  }

  /** Tells one listener of every token that is kept, oldest first, as if it had just been accepted and, if so, ended. */
  tellAll(tell: (event: ObservedToken) => void): void {
    this.flush()
    const { table } = this.state
    const view = new View(this.state)
    const slots = [...table.index.newestFirst(table.created)].reverse()
    for (const slot of slots) {
      view.add(0, slot, undefined)
      if (table.isTerminal(slot)) view.add(4, slot, table.results[slot])
      for (const event of view) tell(event)
      view.clear()
    }
  }

  /** Tells now what would be told at the end of the turn. */
  flush(): void {
    this.#pending = false
    if (this.#view.count === 0) return
    for (const listener of this.#listeners) listener.tokensChanged(this.#view)
    this.#view.clear()
  }

  #countWanted(): void {
    this.#wanted = tokenEventKinds.map((kind) => this.#kinds.some((kinds) => kinds.includes(kind)))
  }

  #note(kind: number, slot: number, result: unknown): void {
    this.#view.add(kind, slot, result)
    if (this.#view.count === batchMax) return this.flush()
    if (this.#pending) return
    this.#pending = true
    queueMicrotask(() => {
      if (this.#pending) this.flush()
    })
  }
}

const atEnd: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** Its own iterator, which gives the same object each time: a generator would make three for every event. */
class View implements ObservedToken, IterableIterator<ObservedToken> {
  count = 0
  slot = 0
  readonly #state: ObservedState
  readonly #kinds = new Uint8Array(batchMax)
  readonly #slots = new Int32Array(batchMax)
  /** Kept here until they are told: the history may cut them at once. */
  readonly #values: (readonly unknown[] | null)[] = new Array(batchMax).fill(null)
  readonly #results: unknown[] = new Array(batchMax).fill(undefined)
  readonly #step: IteratorYieldResult<ObservedToken> = { done: false, value: this }
  #at = 0

  constructor(state: ObservedState) {
    this.#state = state
  }

  add(kind: number, slot: number, result: unknown): void {
    const at = this.count++
    this.#kinds[at] = kind
    this.#slots[at] = slot
    this.#values[at] = this.#state.table.values[slot] ?? null
    this.#results[at] = result
  }

  clear(): void {
    this.#values.fill(null, 0, this.count)
    this.#results.fill(undefined, 0, this.count)
    this.count = 0
  }

  [Symbol.iterator](): this {
    this.#at = -1
    return this
  }

  next(): IteratorResult<ObservedToken> {
    this.#at += 1
    if (this.#at >= this.count) return atEnd
    this.slot = this.#slots[this.#at] ?? 0
    return this.#step
  }

  get kind(): TokenEventKind {
    return tokenEventKinds[this.#kinds[this.#at] ?? 0] ?? 'accepted'
  }

  get sequence(): number {
    return this.#state.table.sequence[this.slot] ?? 0
  }

  get id(): string {
    return this.#state.idOf(this.slot)
  }

  get operation(): OperationEntry {
    return this.#state.operationOf(this.slot)
  }

  get state(): TokenState {
    return tokenStates[this.#state.table.state[this.slot] ?? stateNumbers.CREATED] ?? 'CREATED'
  }

  get attempt(): number {
    return this.#state.table.attempt[this.slot] ?? 1
  }

  get parent(): number {
    return this.#state.table.parent[this.slot] ?? 0
  }

  get createdAt(): number {
    return this.#state.table.createdAt[this.slot] ?? 0
  }

  get admittedAt(): number {
    return this.#state.table.admittedAt[this.slot] ?? 0
  }

  get startedAt(): number {
    return this.#state.table.startedAt[this.slot] ?? 0
  }

  get endedAt(): number {
    return this.#state.table.endedAt[this.slot] ?? 0
  }

  get worker(): { readonly core: number; readonly slot: number } | null {
    return this.#state.workerOf(this.slot)
  }

  get parentId(): string | null {
    const slot = this.parent > 0 ? this.#state.table.find(this.parent) : -1
    return slot < 0 ? null : this.#state.idOf(slot)
  }

  get actions(): TokenRecordExtra['actions'] {
    return this.#state.table.extras[this.slot]?.actions ?? []
  }

  get answeredFrom(): string | null {
    return this.#state.table.extras[this.slot]?.answeredFrom ?? null
  }

  get values(): readonly unknown[] {
    return this.#values[this.#at] ?? []
  }

  get result(): unknown {
    return this.#results[this.#at]
  }

  get error(): ErrorData | null {
    return this.#state.table.errors[this.slot] ?? null
  }
}
