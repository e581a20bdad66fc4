import type { HostEvent } from '../../shared/contract/system.ts'
import type { WatchTarget } from '../../shared/contract/watches.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { isTerminal, type TokenState } from '../../shared/model/token.ts'
import type { ObservedToken, TokenListener } from '../engine/scheduler/token-observer.ts'
import type { HostScheduler } from './engine-surface.ts'

/** More are no watches but a log. */
const watchesAtMost = 1000
/** An operation that fails a thousand times a second is told of once in this time, milliseconds. */
const quietMs = 10_000

type WatchedEvent = Extract<HostEvent, { kind: 'watched' }>

export interface WatchListParts {
  readonly scheduler: Pick<HostScheduler, 'observer' | 'detail' | 'reports'>
  /** Engine microseconds. */
  readonly now: () => number
  readonly emit: (event: WatchedEvent) => void
}

interface OperationWatch {
  /** Failures that were not told yet. */
  untold: number
  lastToldAt: number
}

const words: Readonly<Record<TokenState, string>> = {
  CREATED: 'was created',
  WAITING: 'waits',
  ADMITTED: 'was admitted',
  EXECUTING: 'runs',
  COMPLETED: 'has completed',
  FAILED: 'has failed',
  KILLED: 'was killed',
  TIMEOUT: 'has timed out',
}

/** Watches over tokens, operations and the whole; listens to the scheduler only while there is something to watch. */
export class WatchList implements TokenListener {
  readonly #parts: WatchListParts
  readonly #tokens = new Set<string>()
  readonly #operations = new Map<string, OperationWatch>()
  #idle = false
  /** Tokens that have not ended; kept only while `#idle`. */
  #live = 0
  #stopListening: (() => void) | null = null

  constructor(parts: WatchListParts) {
    this.#parts = parts
  }

  list(): WatchTarget[] {
    return [
      ...[...this.#tokens].map((id) => ({ kind: 'token', id }) as const),
      ...[...this.#operations.keys()].map((operation) => ({ kind: 'operation', operation }) as const),
      ...(this.#idle ? [{ kind: 'idle' } as const] : []),
    ]
  }

  /** Throws `not-found` for a token that is not kept, `conflict` for one that has ended, `overloaded` beyond the limit. */
  add(target: WatchTarget): void {
    if (this.list().length >= watchesAtMost) {
      throw new GuardhouseError('overloaded', `${watchesAtMost} things are watched already`, {
        hint: 'Take some off first.',
      })
    }
    if (target.kind === 'token') this.#addToken(target.id)
    else if (target.kind === 'operation') this.#addOperation(target.operation)
    else this.#addIdle()
    this.#stopListening ??= this.#parts.scheduler.observer.listen(this)
  }

  remove(target: WatchTarget): void {
    if (target.kind === 'token') this.#tokens.delete(target.id)
    else if (target.kind === 'operation') this.#operations.delete(target.operation)
    else this.#idle = false
    this.#rest()
  }

  tokensChanged(events: Iterable<ObservedToken>): void {
    for (const token of events) {
      if (token.kind === 'accepted') this.#live += 1
      if (token.kind !== 'ended') continue
      this.#live -= 1
      if (this.#tokens.size > 0 && this.#tokens.delete(token.id)) this.#tellToken(token)
      if (this.#operations.size > 0 && token.state !== 'COMPLETED' && token.state !== 'KILLED') this.#tellFailure(token)
      if (this.#idle && this.#live <= 0) this.#tellIdle()
    }
  }

  [Symbol.dispose](): void {
    this.#tokens.clear()
    this.#operations.clear()
    this.#idle = false
    this.#rest()
  }

  #addToken(id: string): void {
    const { state } = this.#parts.scheduler.detail(id)
    if (isTerminal(state)) {
      throw new GuardhouseError('conflict', `${id} ${words[state]} already`, { hint: 'There is nothing to wait for.' })
    }
    this.#tokens.add(id)
  }

  #addOperation(operation: string): void {
    if (this.#operations.has(operation)) return
    if (!this.#parts.scheduler.reports.operations().some((known) => known.operation === operation)) {
      throw new GuardhouseError('not-found', `there is no operation "${operation}"`)
    }
    this.#operations.set(operation, { untold: 0, lastToldAt: Number.NEGATIVE_INFINITY })
  }

  #addIdle(): void {
    const { tokens_by_state: tokens } = this.#parts.scheduler.reports.stats({
      cores: [],
      threads: new Map(),
    }).token_pool
    this.#live = tokens.CREATED + tokens.WAITING + tokens.ADMITTED + tokens.EXECUTING
    if (this.#live === 0) {
      throw new GuardhouseError('conflict', 'no token is left already', { hint: 'There is nothing to wait for.' })
    }
    this.#idle = true
  }

  #tellToken({ id, operation, state, error }: ObservedToken): void {
    this.#tell(`${operation.operationType} ${words[state]}`, error?.message ?? id, id)
  }

  #tellFailure({ id, operation: { operationType }, state, error }: ObservedToken): void {
    const watch = this.#operations.get(operationType)
    if (watch === undefined) return
    watch.untold += 1
    const now = this.#parts.now()
    if (now - watch.lastToldAt < quietMs * 1000) return
    const more = watch.untold - 1
    watch.untold = 0
    watch.lastToldAt = now
    const also = more === 0 ? '' : ` (and ${more.toLocaleString('en-US')} before it)`
    this.#tell(`${operationType} ${words[state]}${also}`, error?.message ?? id, id)
  }

  #tellIdle(): void {
    this.#idle = false
    this.#tell('Every token has ended', 'Nothing waits and nothing runs.', null)
  }

  #tell(title: string, text: string, token: string | null): void {
    this.#parts.emit({ kind: 'watched', title, text, token, at: this.#parts.now() })
    // Not now: the observer is still telling this batch.
    queueMicrotask(() => this.#rest())
  }

  #rest(): void {
    if (this.#stopListening === null || this.#tokens.size > 0 || this.#operations.size > 0 || this.#idle) return
    this.#stopListening()
    this.#stopListening = null
  }
}
