import type { Trail, trailProcedures } from '../../shared/contract/trail.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { Template } from '../../shared/model/bus.ts'
import { sequenceOf } from '../../shared/model/token-id.ts'
import type { Bus } from '../engine/bus/bus.ts'
import type { TupleName } from '../engine/bus/tuple-trail.ts'
import type { ReceiptsClient } from '../engine/receipts/receipts-client.ts'
import type { TokenSource } from './engine-surface.ts'
import type { HostApi } from './host-api.ts'
import type { WorkflowRuns } from './workflow-runs.ts'

export interface TrailApiParts {
  readonly bus: Pick<Bus, 'space' | 'activity' | 'trail'>
  readonly tokens: Pick<TokenSource, 'detail'>
  /** Null where nothing is kept. */
  readonly receipts: Pick<ReceiptsClient, 'ask'> | null
  readonly runs: Pick<WorkflowRuns, 'row' | 'rows'>
}

type TrailToken = Trail['tokens'][number]
type Answer = Pick<HostApi, keyof typeof trailProcedures>

/** Of each kind at most so many are told. */
const toldMax = 64

export function createTrailApi(parts: TrailApiParts): Answer {
  const reader = new TrailReader(parts)
  return {
    'trail.of': async ({ kind, id }) => {
      switch (kind) {
        case 'tuple':
          return reader.ofTuple(id)
        case 'token':
          return reader.ofToken(id)
        case 'receipt':
          return reader.ofReceipt(id)
        case 'run':
          return reader.ofRun(id)
      }
    },
  }
}

class TrailReader {
  readonly #parts: TrailApiParts

  constructor(parts: TrailApiParts) {
    this.#parts = parts
  }

  async ofTuple(id: string): Promise<Trail> {
    const caused = await this.#tokensOf(id)
    const producer = this.#parts.bus.activity.producerOf(id)
    const put = sequenceOf(producer) === null ? [] : [producer]
    const [tokens, putting, receipts, runs] = await Promise.all([
      this.#tokens(caused, 'caused'),
      this.#tokens(put, 'put'),
      this.#receipts(caused),
      this.#runs([...put, ...caused]),
    ])
    return { tuples: [], tokens: [...putting, ...tokens], receipts, runs, putBy: put.length > 0 ? '' : producer }
  }

  async ofToken(id: string): Promise<Trail> {
    const [tuples, receipts, runs] = await Promise.all([this.#tuplesAround(id), this.#receipts([id]), this.#runs([id])])
    return { tuples, tokens: [], receipts, runs, putBy: '' }
  }

  /** Throws `not-found`, and `unsupported` where nothing is kept. */
  async ofReceipt(id: string): Promise<Trail> {
    const { receipts } = this.#parts
    if (receipts === null) throw new GuardhouseError('unsupported', 'this host keeps no receipts')
    const { token } = await receipts.ask('detail', id)
    if (token === null) return { tuples: [], tokens: [], receipts: [], runs: [], putBy: '' }
    const [tokens, around] = await Promise.all([this.#tokens([token], 'proved'), this.ofToken(token)])
    return { ...around, tokens, receipts: around.receipts.filter((other) => other.id !== id) }
  }

  /** Throws `not-found`. */
  async ofRun(id: string): Promise<Trail> {
    const { token } = await this.#parts.runs.row(id)
    if (token === null) return { tuples: [], tokens: [], receipts: [], runs: [], putBy: '' }
    const [tokens, around] = await Promise.all([this.#tokens([token], 'lead'), this.ofToken(token)])
    return { ...around, tokens, runs: [] }
  }

  /** Of this start from memory; of earlier ones from the notes that lanes leave. */
  async #tokensOf(tuple: string): Promise<readonly string[]> {
    const known = this.#parts.bus.trail.tokensOf(tuple)
    if (known.length > 0) return known.slice(-toldMax)
    const tokens = (await this.#notes({ tuple })).map((note) => note.token)
    return [...new Set(tokens.filter((token): token is string => typeof token === 'string' && token !== ''))]
  }

  async #tuplesAround(token: string): Promise<Trail['tuples']> {
    const { trail } = this.#parts.bus
    const known = trail.takenBy(token)
    const causes = known.length > 0 ? known : await this.#notedCauses(token)
    const named = async (name: TupleName, role: Trail['tuples'][number]['role']) => ({
      ...{ ...name, role, state: await this.#stateOf(name.id) },
    })
    return Promise.all([
      ...causes.slice(0, toldMax).map((name) => named(name, 'cause')),
      ...trail.putBy(token).map((name) => named(name, 'put')),
    ])
  }

  async #notedCauses(token: string): Promise<TupleName[]> {
    return (await this.#notes({ token })).flatMap(({ tuple, from_lane, yool }) =>
      typeof tuple === 'string' ? [{ id: tuple, lane: textOf(from_lane), yool: textOf(yool) }] : [],
    )
  }

  async #notes(of: Template) {
    const { tuples } = await this.#parts.bus.space.list({ lane: 'audit', ...of }, 0, toldMax)
    return tuples.map(({ tuple }) => tuple)
  }

  async #stateOf(id: string): Promise<'waiting' | 'lent' | 'gone'> {
    const { tuples } = await this.#parts.bus.space.list({ id }, 0, 1)
    const [found] = tuples
    if (found === undefined) return 'gone'
    return found.leased ? 'lent' : 'waiting'
  }

  #tokens(ids: readonly string[], role: TrailToken['role']): Promise<TrailToken[]> {
    return Promise.all(ids.map(async (id) => ({ id, role, ...(await this.#token(id)) })))
  }

  /** An id begins with the operation, which is all that is left to say of a token that is no longer kept. */
  async #token(id: string): Promise<Pick<TrailToken, 'operation' | 'state'>> {
    const detail = await this.#detail(id)
    if (detail === null) return { operation: id.replace(/_\d+_\d+$/, ''), state: null }
    return { operation: detail.operation, state: detail.state }
  }

  async #detail(id: string) {
    try {
      return await this.#parts.tokens.detail(id)
    } catch (error) {
      if (error instanceof GuardhouseError && error.kind === 'not-found') return null
      throw error
    }
  }

  async #receipts(tokens: readonly string[]): Promise<Trail['receipts']> {
    const { receipts } = this.#parts
    if (receipts === null) return []
    const pages = await Promise.all(
      tokens.map((token) => receipts.ask('query', { filter: { token }, offset: 0, limit: 4 })),
    )
    return pages.flatMap(({ rows }) => rows.map(({ id, status, token }) => ({ id, status, token })))
  }

  /** Runs that these tokens lead, or are called by. */
  async #runs(tokens: readonly string[]): Promise<Trail['runs']> {
    const rows = await this.#parts.runs.rows()
    if (rows.length === 0) return []
    const details = await Promise.all(tokens.map((token) => this.#detail(token)))
    const lineage = new Set([...tokens, ...details.flatMap((detail) => detail?.ancestors ?? [])])
    return rows
      .filter(({ token }) => token !== null && lineage.has(token))
      .slice(0, toldMax)
      .map(({ id, workflow, state }) => ({ id, workflow, state }))
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
