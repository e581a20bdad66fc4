import type { TokenDetail, TokenFilter, TokenPage, TokenRow, TokenSort } from '../../../shared/contract/tokens.ts'
import { GuardhouseError } from '../../../shared/errors.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Settlement } from '../scheduler/scheduler-types.ts'
import type { KeptTokens } from './kept-tokens.ts'

export type LiveTokens = Pick<Scheduler, 'match' | 'rows' | 'keeps' | 'detail' | 'settlement' | 'observer'>

/**
 * The scheduler's own table and the journal as one list. Every token is in exactly one of them: the journal's reader gets a token
 * in the same instant in which the scheduler lets go of it, and questions to it keep their place behind that.
 */
export class MergedTokens {
  readonly #live: LiveTokens
  readonly #kept: KeptTokens
  readonly #now: () => number

  constructor(live: LiveTokens, kept: KeptTokens, now: () => number) {
    this.#live = live
    this.#kept = kept
    this.#now = now
  }

  /** Tokens that only the journal keeps. */
  get keptBeside(): number {
    return this.#kept.total
  }

  /** Tokens that were kept and are not any more, since the start of this run. */
  get removed(): number {
    return this.#kept.removed
  }

  close(): Promise<void> {
    return this.#kept.close()
  }

  async query(filter: TokenFilter, sort: TokenSort, offset: number, limit: number): Promise<TokenPage> {
    const { table } = this.#live.observer.state
    const { version } = table
    const { sequences, keys } = await this.#live.match(filter, sort)
    // In the same turn as the matches were taken: what is evicted after it is still among them, what was before is with the reader.
    const kept = table.kept
    const accepted = table.created
    const names = sort.by === 'operation' ? this.#operationNames() : []
    const answer = await this.#kept.ask('page', { filter, sort, offset, limit, live: { sequences, keys, names } })
    this.#kept.total = answer.total
    return {
      rows: await this.#fillIn(answer.rows),
      matched: sequences.length + answer.matched,
      kept: kept + answer.total,
      evicted: Math.max(0, accepted - kept - answer.total),
      version,
      now: this.#now(),
      ...(answer.unsearched === 0 ? {} : { unsearched: answer.unsearched }),
      ...(answer.unsearchable === 0 ? {} : { unsearchable: answer.unsearchable }),
    }
  }

  /** Throws `not-found`. */
  async detail(id: string): Promise<TokenDetail> {
    if (this.#live.keeps(id)) return this.#live.detail(id)
    return (await this.#kept.ask('detail', id)) ?? notKept(id)
  }

  /** As `Scheduler.settlement`, also of tokens that only the journal keeps. */
  async settlement(id: string): Promise<Settlement> {
    if (this.#live.keeps(id)) return this.#live.settlement(id)
    const outcome = (await this.#kept.ask('outcome', id)) ?? notKept(id)
    if (outcome.cutBytes === null) return outcome
    throw new GuardhouseError(
      'too-large',
      `the result of ${id} had ${outcome.cutBytes} bytes and was not kept after the token ended`,
      { hint: 'Ask for the outcome of such a token before it ends.' },
    )
  }

  /** Rows of the live tokens of a page. One that was evicted while the reader answered is with the reader now. */
  async #fillIn(rows: readonly (TokenRow | number)[]): Promise<TokenRow[]> {
    const live = this.#live.rows(rows.filter((row) => typeof row === 'number'))
    const found = new Map(live.map((row) => [row.sequence, row]))
    const gone = rows.filter((row): row is number => typeof row === 'number' && !found.has(row))
    if (gone.length > 0) for (const row of await this.#kept.ask('rows', gone)) found.set(row.sequence, row)
    return rows.flatMap((row) => (typeof row === 'number' ? (found.get(row) ?? []) : row))
  }

  #operationNames(): string[] {
    return this.#live.observer.state.operationNames()
  }
}

function notKept(id: string): never {
  throw new GuardhouseError('not-found', `there is no token ${JSON.stringify(id)}`, {
    hint: 'The journal keeps the newest finished tokens; older ones are gone.',
  })
}
