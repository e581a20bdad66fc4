import type { Database, Statement } from 'better-sqlite3'
import { tokenId } from '../../../shared/model/token-id.ts'
import type { RestoredToken } from './journal-protocol.ts'
import { keptApart } from './journal-record.ts'
import type { UnfinishedToken } from './replay.ts'

/** Reads what is beside the records of tokens that earlier runs left unfinished. Neighbours mostly lie in one segment, which is read once. */
export class EarlierTokens {
  readonly #bytes: Statement
  readonly #carried: Statement
  readonly #large: Statement
  readonly #epochs: ReadonlyMap<number, number>
  readonly #names: ReadonlyMap<string, string>
  #segment = -1
  #segmentBytes: Uint8Array = new Uint8Array(0)

  constructor(database: Database) {
    this.#bytes = database.prepare('SELECT bytes FROM segments WHERE segment = ?').pluck()
    this.#carried = database.prepare('SELECT bytes FROM carried WHERE sequence = ?').pluck()
    this.#large = database.prepare('SELECT bytes FROM large WHERE sequence = ?').pluck()
    this.#epochs = new Map(database.prepare('SELECT run, epoch_wall FROM runs').raw().all() as [number, number][])
    const named = database.prepare('SELECT run, number, name FROM operations').raw().all() as [number, number, string][]
    this.#names = new Map(named.map(([run, number, name]) => [`${run} ${number}`, name]))
  }

  /** Wall clock of the epoch that its times count from, milliseconds. */
  epochOf({ run }: UnfinishedToken): number {
    return this.#epochs.get(run) ?? 0
  }

  restored(token: UnfinishedToken, attempt: number): RestoredToken {
    const { sequence, operation, created, weight, parent, timeout, queueTimeout, format } = token.record
    const name = this.#names.get(`${token.run} ${operation}`) ?? 'unknown'
    return {
      sequence,
      id: tokenId(name, created, this.epochOf(token), sequence),
      operation: name,
      weight,
      attempt,
      parent,
      timeout,
      queueTimeout,
      held: token.held,
      format,
      bytes: this.#argumentsOf(token),
    }
  }

  #argumentsOf({ segment, record }: UnfinishedToken): Uint8Array {
    const { sequence, at, length } = record
    if (length === 0) return new Uint8Array(0)
    if (at === keptApart) return (this.#large.get(sequence) ?? new Uint8Array(0)) as Uint8Array
    if (segment === 0) return (this.#carried.get(sequence) ?? new Uint8Array(0)) as Uint8Array
    if (segment !== this.#segment) {
      this.#segmentBytes = (this.#bytes.get(segment) ?? new Uint8Array(0)) as Uint8Array
      this.#segment = segment
    }
    // A copy of its own: what crosses to another thread would take the whole segment along.
    return new Uint8Array(this.#segmentBytes.subarray(at, at + length))
  }
}
