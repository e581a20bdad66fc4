import { assertDefined } from '../../../shared/assert.ts'
import { type Weight, weights } from '../../../shared/model/token.ts'
import type { OperationEntry } from './operation-table.ts'
import type { PauseNote } from './pause-note.ts'
import { TokenQueue } from './token-queue.ts'
import { type TokenTable, tokenFlags } from './token-table.ts'

/** Who lets tokens wait in queues beside those of the gate. */
export interface Asides {
  queues(): Iterable<TokenQueue>
  /** A token with marks is held back by a pause. */
  heldBack(slot: number): void
}
const noAsides: Asides = { queues: () => [], heldBack: () => undefined }

/**
 * The admission gate: who waits, in which order, and who may go next. One queue per weight class, because the cores a class may
 * use can be full while those of another are not: a full core stops only the class that has no other. Everything keeps the order of
 * acceptance, through any pause and resume.
 */
export class Gate {
  paused = false
  /** Null while it is open, and when nobody knows any more. */
  pausedBy: PauseNote | null = null
  /** Commands under way that nothing may leave it before. */
  closures = 0
  admitted = 0
  readonly #table: TokenTable
  readonly #operationOf: (slot: number) => OperationEntry
  readonly #waiting: readonly TokenQueue[]
  readonly #held: TokenQueue
  readonly #asides: Asides
  #nextRank = 1
  #waitingCount = 0

  constructor(table: TokenTable, operationOf: (slot: number) => OperationEntry, asides: Asides = noAsides) {
    this.#table = table
    this.#asides = asides
    this.#operationOf = operationOf
    this.#waiting = weights.map((weight) => new TokenQueue(`${weight} waiting`, table.links))
    this.#held = new TokenQueue('held one by one', table.links)
  }

  /** Nothing may go. */
  get closed(): boolean {
    return this.paused || this.closures > 0
  }

  /** Tokens that wait for the gate or are held back. */
  get waiting(): number {
    return this.#waitingCount
  }

  heldCount(operations: readonly OperationEntry[]): number {
    return operations.reduce((sum, operation) => sum + operation.held.length, this.#held.length)
  }

  queueLength(weight: Weight): number {
    return this.#queue(weights.indexOf(weight)).length
  }

  /** A token is accepted: it gets its rank. */
  accept(slot: number): void {
    this.#table.links.rank[slot] = this.#nextRank++
    this.#waitingCount += 1
    this.#enqueue(slot)
  }

  /** Puts a waiting token where it belongs now; its rank decides where in the queue. */
  #enqueue(slot: number): void {
    const operation = this.#operationOf(slot)
    if (this.#table.has(slot, tokenFlags.held)) this.#held.insert(slot)
    else if (operation.paused || operation.moduleUrl === null) operation.held.insert(slot)
    else this.#queue(this.#table.weight[slot] ?? 0).insert(slot)
  }

  /** A token that was accepted once waits for its next attempt; it keeps its rank. */
  acceptAgain(slot: number): void {
    this.#waitingCount += 1
    this.#enqueue(slot)
  }

  /** Lets a waiting token wait in a queue beside those of the gate. */
  park(slot: number, aside: TokenQueue): void {
    this.#dequeue(slot)
    aside.insert(slot)
  }

  /** Puts it back where it belongs. */
  unpark(slot: number): void {
    this.#dequeue(slot)
    this.#enqueue(slot)
  }

  /** A waiting token goes, into a mailbox or to its end. */
  remove(slot: number): void {
    this.#waitingCount -= 1
    this.#dequeue(slot)
  }

  #dequeue(slot: number): void {
    assertDefined(this.#table.links.queueOf[slot], 'a waiting token is in a queue').remove(slot)
  }

  /** Queues whose head may go, oldest head first; `blocked` (bit per weight) are the classes that found no room. */
  nextClass(blocked: number): number {
    let best = -1
    let bestRank = Number.POSITIVE_INFINITY
    for (let weight = 0; weight < this.#waiting.length; weight++) {
      if ((blocked & (1 << weight)) !== 0) continue
      const rank = this.#queue(weight).headRank()
      if (rank < bestRank) {
        best = weight
        bestRank = rank
      }
    }
    return best
  }

  head(weight: number): number {
    return this.#queue(weight).head
  }

  /** Holds back everything of an operation that waits. Returns how many tokens that touched. */
  pauseOperation(operation: OperationEntry): number {
    operation.paused = true
    return this.#hold(operation)
  }

  /** Holds back what waits for operations that cannot be run, and lets go what can be run again. */
  availabilityChanged(operations: readonly OperationEntry[]): void {
    for (const operation of operations) {
      if (operation.moduleUrl === null) this.#hold(operation)
      else if (!operation.paused) this.#release(operation)
    }
  }

  #hold(operation: OperationEntry): number {
    let count = 0
    for (const queue of this.#waiting) count += this.#holdFrom(queue, operation)
    for (const queue of this.#asides.queues()) count += this.#holdFrom(queue, operation)
    return count
  }

  #holdFrom(queue: TokenQueue, operation: OperationEntry): number {
    let count = 0
    for (const slot of queue) {
      if (this.#operationOf(slot) !== operation) continue
      queue.remove(slot)
      operation.held.insert(slot)
      if (this.#table.has(slot, tokenFlags.marked)) this.#asides.heldBack(slot)
      count += 1
    }
    return count
  }

  resumeOperation(operation: OperationEntry): number {
    operation.paused = false
    return operation.moduleUrl === null ? 0 : this.#release(operation)
  }

  #release(operation: OperationEntry): number {
    const count = operation.held.length
    // Its weight may have changed between two tokens, so each goes to the queue of its own.
    const byWeight = weights.map((weight) => new TokenQueue(`${weight} released`, this.#table.links))
    for (const slot of operation.held) {
      operation.held.remove(slot)
      byWeight[this.#table.weight[slot] ?? 0]?.insert(slot)
    }
    for (const [weight, released] of byWeight.entries()) this.#queue(weight).merge(released)
    return count
  }

  /** Ends every pause, the gate's, the operations' and the tokens'. */
  releaseAll(operations: readonly OperationEntry[]): void {
    this.paused = false
    for (const operation of operations) this.resumeOperation(operation)
    for (const slot of [...this.#held]) this.setHeld(slot, false)
  }

  /** Holds one waiting token back, or lets it go again. */
  setHeld(slot: number, held: boolean): void {
    this.#dequeue(slot)
    this.#table.setFlag(slot, tokenFlags.held, held)
    if (held && this.#table.has(slot, tokenFlags.marked)) this.#asides.heldBack(slot)
    this.#enqueue(slot)
  }

  #queue(weight: number): TokenQueue {
    return assertDefined(this.#waiting[weight], 'there is a queue for each weight')
  }
}
