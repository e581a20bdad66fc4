import type { TokenState } from '../../src/shared/model/token.ts'
import { tokenId } from '../../src/shared/model/token-id.ts'
import { type MadeUpOperation, zeroCounts } from './made-up-operation.ts'
import type { Random } from './random.ts'
import { isLive, type TokenRecord, waitedOf } from './token-record.ts'

// Evicting one by one would copy a large array for every token.
const evictionBatch = 500

export interface NewToken {
  readonly operation: MadeUpOperation
  readonly created: number
  readonly parent?: string | null
  readonly submittedArguments?: readonly unknown[] | null
  readonly timeout?: number | null
  readonly queueTimeout?: number | null
}

/** Every token that the made-up host still keeps, oldest first. */
export class TokenStore {
  tokens: TokenRecord[] = []
  readonly counts = zeroCounts()
  /** Totals since start by final state, also of tokens no longer kept. */
  readonly totals = zeroCounts()
  readonly children = new Map<string, string[]>()
  created = 0
  evicted = 0
  version = 1
  readonly #byId = new Map<string, TokenRecord>()
  readonly #keep: number
  readonly #epochWall: number
  readonly #random: Random

  constructor(keep: number, epochWall: number, random: Random) {
    this.#keep = keep
    this.#epochWall = epochWall
    this.#random = random
  }

  get(id: string): TokenRecord | undefined {
    return this.#byId.get(id)
  }

  add({ operation, created, parent = null, submittedArguments = null, ...deadlines }: NewToken): TokenRecord {
    const sequence = ++this.created
    const seed = this.#random.below(2 ** 31)
    const token: TokenRecord = {
      sequence,
      id: tokenId(operation.entry.operation, created, this.#epochWall, sequence),
      operation,
      seed,
      parent,
      created,
      timeout:
        deadlines.timeout ?? (typeof operation.entry.tags.timeout === 'number' ? operation.entry.tags.timeout : null),
      queueTimeout: deadlines.queueTimeout ?? null,
      submittedArguments,
      state: 'WAITING',
      core: null,
      slot: null,
      admitted: null,
      started: null,
      ended: null,
      due: 0,
      attempt: seed % 41 === 0 ? 2 : 1,
      held: false,
      killReason: '',
      actions: [],
    }
    this.tokens.push(token)
    this.#byId.set(token.id, token)
    if (parent !== null) this.#addChild(parent, token.id)
    this.counts.WAITING++
    operation.count('WAITING', 1)
    this.version++
    return token
  }

  /** Changes the state; the caller sets the instants. */
  move(token: TokenRecord, state: TokenState): void {
    this.counts[token.state]--
    token.operation.count(token.state, -1)
    token.state = state
    this.counts[state]++
    token.operation.count(state, 1)
    if (!isLive(token)) this.#settled(token)
    this.version++
  }

  #settled(token: TokenRecord): void {
    this.totals[token.state]++
    const { operation } = token
    if (token.started !== null && token.ended !== null) operation.runs.add(token.ended - token.started)
    operation.waits.add(waitedOf(token, token.ended ?? token.created))
  }

  #addChild(parent: string, id: string): void {
    const siblings = this.children.get(parent)
    if (siblings === undefined) this.children.set(parent, [id])
    else siblings.push(id)
  }

  /** Forgets the oldest finished tokens beyond the number to keep. */
  evict(): void {
    const excess = this.tokens.length - this.#keep
    if (excess < evictionBatch) return
    let left = excess
    this.tokens = this.tokens.filter((token) => {
      if (left === 0 || isLive(token)) return true
      left--
      this.#forget(token)
      return false
    })
  }

  #forget(token: TokenRecord): void {
    this.#byId.delete(token.id)
    this.children.delete(token.id)
    this.counts[token.state]--
    token.operation.count(token.state, -1)
    this.evicted++
    this.version++
  }
}
