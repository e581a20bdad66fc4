import type { ProcedureParsedInput } from '../../src/shared/contract/index.ts'
import type { TokenDetail, TokenFilter, TokenPage, TokenRow, TokenSort } from '../../src/shared/contract/tokens.ts'
import { GuardhouseError } from '../../src/shared/errors.ts'
import { tokenStates } from '../../src/shared/model/token.ts'
import { inventedArguments, inventedError, inventedLog, inventedResult, previewOf } from './invented-texts.ts'
import type { MadeUpScheduler } from './made-up-scheduler.ts'
import { inventedBindings } from './tag-answers.ts'
import { ranOf, type TokenRecord, waitedOf } from './token-record.ts'

// Sorting 100,000 rows for every page of a scroll would measure this host instead of the window.
const orderKeptMs = 400
const orderKeptFrom = 20_000
const childrenShown = 20

interface KeptOrder {
  readonly key: string
  readonly at: number
  readonly tokens: readonly TokenRecord[]
}

/** Answers what the contract asks about tokens. */
export class TokenAnswers {
  readonly #scheduler: MadeUpScheduler
  #order: KeptOrder | null = null

  constructor(scheduler: MadeUpScheduler) {
    this.#scheduler = scheduler
  }

  query({ filter, sort, offset, limit }: ProcedureParsedInput<'tokens.query'>): TokenPage {
    const { store } = this.#scheduler
    const now = this.#scheduler.now()
    const bare = Object.values(filter).every((value) => value === undefined)
    const page =
      bare && sort.by === 'sequence'
        ? this.#wholeBySequence(sort, offset, limit)
        : this.#ordered(filter, sort, offset, limit, now)
    return {
      rows: page.tokens.map((token) => rowOf(token, now)),
      matched: page.matched,
      kept: store.tokens.length,
      evicted: store.evicted,
      version: store.version,
      now,
    }
  }

  /** Throws `not-found` when the token is not kept. */
  find(id: string): TokenRecord {
    const token = this.#scheduler.store.get(id)
    if (token !== undefined) return token
    throw new GuardhouseError('not-found', `there is no token ${id}`, {
      hint: 'It may have ended long ago: only the newest finished tokens are kept.',
    })
  }

  detail(id: string): TokenDetail {
    const token = this.find(id)
    const now = this.#scheduler.now()
    const children = this.#scheduler.store.children.get(id) ?? []
    const ended = token.ended !== null
    return {
      ...rowOf(token, now),
      times: timesOf(token),
      tags: {
        ...token.operation.entry.tags,
        operation_type: token.operation.entry.operation,
        enqueued_at: token.created,
      },
      arguments: previewOf(inventedArguments(token)),
      result: token.state === 'COMPLETED' ? previewOf([inventedResult(token)]) : null,
      error: inventedError(token),
      progress:
        token.started === null || token.seed % 3 === 0 ? null : { fraction: this.#fraction(token), text: 'rows read' },
      log: inventedLog(token, now),
      logDropped: token.seed % 11 === 0 ? 1804 : 0,
      route: this.#route(token),
      waitingBecause: this.#scheduler.waitingReason(token),
      stopping: token.state === 'KILLED' && ended && now - (token.ended ?? 0) < 2_000_000,
      deadlines: { queueTimeout: token.queueTimeout, timeout: token.timeout },
      attempts: attemptsOf(token),
      actions: token.actions,
      children: { total: children.length, first: children.slice(0, childrenShown) },
      ancestors: token.parent === null ? [] : [token.parent],
      bindings: inventedBindings(token),
      now,
    }
  }

  #fraction(token: TokenRecord): number {
    if (token.ended !== null) return token.state === 'COMPLETED' ? 1 : 0.37
    const whole = token.due - (token.started ?? 0)
    return Math.min(1, (this.#scheduler.now() - (token.started ?? 0)) / Math.max(1, whole))
  }

  #route(token: TokenRecord): TokenDetail['route'] {
    if (token.core === null || token.slot === null) return null
    const { weight } = token.operation.entry
    const half = Math.max(1, Math.ceil(this.#scheduler.patterns.length / 2))
    const eligibleCores = Array.from({ length: half }, (_, index) => index + 1)
    return {
      strategy: 'staggered',
      weight,
      core: token.core,
      slot: token.slot,
      position: token.sequence % 22,
      eligibleCores,
      stolen: !eligibleCores.includes(token.core),
      sentence: `Its weight is ${weight}, so it may use cores 1 to ${half}; position ${token.sequence % 22} of the staggered order is core ${token.core}, slot ${token.slot}.`,
    }
  }

  #wholeBySequence(sort: TokenSort, offset: number, limit: number) {
    const { tokens } = this.#scheduler.store
    if (sort.direction === 'ascending') return { tokens: tokens.slice(offset, offset + limit), matched: tokens.length }
    const end = Math.max(0, tokens.length - offset)
    return { tokens: tokens.slice(Math.max(0, end - limit), end).reverse(), matched: tokens.length }
  }

  #ordered(filter: TokenFilter, sort: TokenSort, offset: number, limit: number, now: number) {
    const key = JSON.stringify([filter, sort])
    const keepMs = this.#scheduler.store.tokens.length < orderKeptFrom ? 0 : orderKeptMs
    if (this.#order === null || this.#order.key !== key || performance.now() - this.#order.at > keepMs) {
      const tokens = this.#scheduler.store.tokens.filter(matcher(filter)).sort(comparison(sort, now))
      this.#order = { key, at: performance.now(), tokens }
    }
    return { tokens: this.#order.tokens.slice(offset, offset + limit), matched: this.#order.tokens.length }
  }
}

function rowOf(token: TokenRecord, now: number): TokenRow {
  return {
    id: token.id,
    sequence: token.sequence,
    operation: token.operation.entry.operation,
    state: token.state,
    weight: token.operation.entry.weight,
    core: token.core,
    slot: token.slot,
    createdAt: token.created,
    waited: waitedOf(token, now),
    ran: ranOf(token, now),
    attempt: token.attempt,
    held: token.held,
    parent: token.parent,
  }
}

function timesOf(token: TokenRecord): TokenDetail['times'] {
  return {
    created: token.created,
    waiting: token.created + 1,
    ...(token.admitted === null ? {} : { admitted: token.admitted }),
    ...(token.started === null ? {} : { started: token.started }),
    ...(token.ended === null ? {} : { ended: token.ended }),
  }
}

function attemptsOf(token: TokenRecord): TokenDetail['attempts'] {
  const { attempt, state, core, slot } = token
  const last = { attempt, state, core, slot, times: timesOf(token), error: inventedError(token) }
  if (attempt === 1) return [last]
  // The first attempt is squeezed in between the creation and the admission of the second.
  const ended = token.created + ((token.admitted ?? token.created + 5000) - token.created) * 0.6
  const at = (share: number) => token.created + (ended - token.created) * share
  const first: TokenDetail['attempts'][number] = {
    attempt: 1,
    state: 'FAILED',
    core: 1,
    slot: 0,
    times: { created: token.created, waiting: at(0), admitted: at(0.2), started: at(0.5), ended },
    error: { kind: 'operation-failed', name: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:5432' },
  }
  return [first, { ...last, times: { ...last.times, waiting: ended } }]
}

function matcher(filter: TokenFilter): (token: TokenRecord) => boolean {
  const states = filter.states && new Set(filter.states)
  const operations = filter.operations && new Set(filter.operations)
  const cores = filter.cores && new Set(filter.cores)
  const text = filter.text?.toLowerCase()
  return (token) =>
    (states?.has(token.state) ?? true) &&
    (operations?.has(token.operation.entry.operation) ?? true) &&
    (cores === undefined || (token.core !== null && cores.has(token.core))) &&
    (filter.parent === undefined || token.parent === filter.parent) &&
    (text === undefined || searchable(token).includes(text))
}

function searchable(token: TokenRecord): string {
  const argumentText = token.seed % 97 === 0 ? '' : JSON.stringify(inventedArguments(token))
  return `${token.id} ${argumentText} ${inventedError(token)?.message ?? ''}`.toLowerCase()
}

function comparison(sort: TokenSort, now: number): (a: TokenRecord, b: TokenRecord) => number {
  const factor = sort.direction === 'ascending' ? 1 : -1
  const key = sortKey(sort.by, now)
  return (a, b) => {
    const left = key(a)
    const right = key(b)
    if (left < right) return -factor
    if (left > right) return factor
    return factor * (a.sequence - b.sequence)
  }
}

function sortKey(by: TokenSort['by'], now: number): (token: TokenRecord) => number | string {
  if (by === 'operation') return (token) => token.operation.entry.operation
  if (by === 'state') return (token) => tokenStates.indexOf(token.state)
  if (by === 'core') return (token) => (token.core ?? Number.MAX_SAFE_INTEGER) * 256 + (token.slot ?? 0)
  if (by === 'waited') return (token) => waitedOf(token, now)
  if (by === 'ran') return (token) => ranOf(token, now) ?? -1
  return (token) => token.sequence
}
