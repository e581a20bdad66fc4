import type { SchedulerState } from './scheduler-state.ts'
import type { TokenLife } from './token-life.ts'
import { TokenQueue } from './token-queue.ts'
import { stateNumbers } from './token-table.ts'

/** Name of the queue of tokens that wait for the answer of an equal call. */
export const answerQueue = 'waiting for an answer'

/** A call's identity, and its result where a good receipt holds one. */
export interface CallAnswer {
  /** Equal for equal calls of the same code; null for one that cannot be compared. */
  readonly inputHash: string | null
  readonly hit: { readonly receipt: string; readonly value: unknown } | null
}

/** Where results of earlier calls are kept. */
export interface AnswerSource {
  answer(operationType: string, values: readonly unknown[]): Promise<CallAnswer>
}

/** The call that runs for all equal ones. */
interface Running {
  /** Sequences of the tokens that wait for it. */
  readonly followers: number[]
}

/**
 * For operations with the tag `cache`: a call whose result a receipt holds is answered from it without running, and of equal
 * calls at one time only one runs; the others get what it returned. When it does not complete, the next of them runs.
 */
export class CallAnswers {
  readonly #state: SchedulerState
  readonly #life: TokenLife
  readonly #source: AnswerSource
  readonly #dispatch: () => void
  readonly #parked: TokenQueue
  readonly #running = new Map<string, Running>()
  /** Questions asked so far, and how many are open. */
  #asked = 0
  #open = 0
  /** Calls that ended while questions were open, with the number of the newest question then: its answer may be out of date. */
  readonly #endedAt = new Map<string, number>()

  constructor(state: SchedulerState, life: TokenLife, source: AnswerSource, dispatch: () => void) {
    this.#state = state
    this.#life = life
    this.#source = source
    this.#dispatch = dispatch
    this.#parked = new TokenQueue(answerQueue, state.table.links)
  }

  /** Lets a token that was just accepted wait until it is known whether it has to run. */
  ask(sequence: number): void {
    const slot = this.#state.table.find(sequence)
    this.#state.gate.park(slot, this.#parked)
    void this.#lookUp(sequence)
  }

  async #lookUp(sequence: number): Promise<void> {
    const slot = this.#parkedSlot(sequence)
    if (slot < 0) return
    this.#asked += 1
    this.#open += 1
    const question = this.#asked
    try {
      const { operationType } = this.#state.operationOf(slot)
      const { hit, inputHash } = await this.#source.answer(operationType, this.#state.table.values[slot] ?? [])
      if (hit !== null) this.#answer(sequence, hit.value, hit.receipt)
      else if (inputHash === null) this.#run(sequence)
      else if ((this.#endedAt.get(inputHash) ?? 0) >= question) void this.#lookUp(sequence)
      else this.#runOrFollow(sequence, inputHash)
    } catch {
      // Receipts that cannot be read must not keep a call from running.
      this.#run(sequence)
    } finally {
      this.#open -= 1
      if (this.#open === 0) this.#endedAt.clear()
    }
  }

  #runOrFollow(sequence: number, inputHash: string): void {
    const running = this.#running.get(inputHash)
    if (running !== undefined) {
      running.followers.push(sequence)
      return
    }
    if (this.#parkedSlot(sequence) >= 0) this.#lead(sequence, inputHash, { followers: [] })
  }

  /** This one runs, for all equal ones. */
  #lead(sequence: number, inputHash: string, running: Running): void {
    const { table } = this.#state
    const slot = table.find(sequence)
    this.#running.set(inputHash, running)
    this.#state.extra(slot).listeners.push((value) => {
      this.#endedAt.set(inputHash, this.#asked)
      this.#running.delete(inputHash)
      if (table.state[slot] === stateNumbers.COMPLETED) this.#answerAll(running, value, this.#state.idOf(slot))
      else this.#nextLeads(running, inputHash)
    })
    this.#run(sequence)
  }

  #answerAll({ followers }: Running, value: unknown, source: string): void {
    // Each gets a copy of its own: whoever changes what it got must not change it for others.
    for (const sequence of followers) this.#answer(sequence, copyOf(value), source)
  }

  #nextLeads({ followers }: Running, inputHash: string): void {
    const next = followers.findIndex((sequence) => this.#parkedSlot(sequence) >= 0)
    const sequence = followers[next]
    if (sequence !== undefined) this.#lead(sequence, inputHash, { followers: followers.slice(next + 1) })
  }

  #answer(sequence: number, value: unknown, source: string): void {
    const slot = this.#parkedSlot(sequence)
    if (slot >= 0) this.#life.answered(slot, value, source)
  }

  #run(sequence: number): void {
    const slot = this.#parkedSlot(sequence)
    if (slot < 0) return
    this.#state.gate.unpark(slot)
    this.#dispatch()
  }

  /** Its slot while it waits for an answer, else -1: it was killed, timed out or held back meanwhile. */
  #parkedSlot(sequence: number): number {
    const slot = this.#state.table.find(sequence)
    return slot >= 0 && this.#state.table.links.queueOf[slot] === this.#parked ? slot : -1
  }
}

function copyOf(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch {
    // A result that came from another thread can be cloned; what cannot is shared as it is.
    return value
  }
}
