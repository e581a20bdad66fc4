import type { Database } from 'better-sqlite3'
import type { TokenDetail, TokenRow, TokenTimes } from '../../../shared/contract/tokens.ts'
import { GuardhouseError } from '../../../shared/errors.ts'
import { previewOf, previewOfArguments } from '../scheduler/preview.ts'
import { readValue } from './journal-batch.ts'
import type { KeptOutcome } from './reader-protocol.ts'
import type { TokenRecordDetail } from './token-record.ts'

/** One ended token as the file has it. Times are microseconds from its creation. */
interface StoredRecord {
  readonly epoch_wall: number
  readonly timeout: number
  readonly queue_timeout: number
  readonly admitted: number | null
  readonly started: number | null
  readonly ended: number | null
  readonly format: number
  readonly arguments: Buffer | null
  readonly result_format: number | null
  readonly result: Buffer | null
  readonly detail: string | null
}

export interface Family {
  /** The nearest first. */
  readonly ancestors: string[]
  /** Ids of the tokens among these that are kept. */
  idsOf(sequences: readonly number[]): string[]
}

/** Throws `not-kept` when the file does not have it (any more). */
export function readRecord(database: Database, sequence: number): StoredRecord {
  const record = database.prepare('SELECT * FROM tokens JOIN runs USING (run) WHERE sequence = ?').get(sequence)
  if (record === undefined) throw new GuardhouseError('not-kept', `token ${sequence} is not in the journal any more`)
  return record as StoredRecord
}

/** Everything the inspector shows, as far as it was kept. `now` is the instant of its end: nothing of it changes any more. */
export function describeRecord(row: TokenRow, stored: StoredRecord, epochWall: number, family: Family): TokenDetail {
  const detail = detailOf(stored)
  const times = timesOf(row.createdAt, stored)
  const shift = (stored.epoch_wall - epochWall) * 1000
  const error = detail.error ?? null
  return {
    ...row,
    times,
    tags: {},
    arguments: detail.arguments ?? argumentsOf(stored),
    result: row.state === 'COMPLETED' ? (detail.result ?? previewOf(resultOf(stored))) : null,
    error,
    progress: detail.progress ?? null,
    log: (detail.log ?? []).map((line) => ({ ...line, at: line.at + shift })),
    logDropped: detail.logDropped ?? 0,
    route: null,
    waitingBecause: null,
    stopping: false,
    deadlines: { queueTimeout: stored.queue_timeout || null, timeout: stored.timeout || null },
    attempts: [
      ...(detail.attempts ?? []),
      { attempt: row.attempt, state: row.state, core: row.core, slot: row.slot, times, error },
    ],
    actions: (detail.actions ?? []).map((action) => ({ ...action, at: action.at + shift })),
    children: { total: detail.children?.total ?? 0, first: family.idsOf(detail.children?.first ?? []) },
    ancestors: family.ancestors,
    bindings: { anchor: null, domain: null, leads: null, storage: null },
    now: times.ended ?? row.createdAt,
  }
}

export function outcomeOfRecord(row: TokenRow, stored: StoredRecord): KeptOutcome {
  const { error, result } = detailOf(stored)
  return {
    sequence: row.sequence,
    state: row.state,
    value: result === undefined ? resultOf(stored) : undefined,
    error: error ?? null,
    cutBytes: result?.bytes ?? null,
  }
}

function detailOf({ detail }: StoredRecord): TokenRecordDetail {
  return detail === null ? {} : (JSON.parse(detail) as TokenRecordDetail)
}

function argumentsOf({ format, arguments: bytes }: StoredRecord): TokenDetail['arguments'] {
  const read = bytes === null && format !== 0 ? null : readValue(format, bytes ?? Buffer.alloc(0))
  if (read === null) return { text: '(not kept)', bytes: 0, truncated: true }
  return previewOfArguments(Array.isArray(read.value) ? read.value : [])
}

function resultOf({ result_format: format, result }: StoredRecord): unknown {
  return result === null ? undefined : readValue(format ?? 0, result)?.value
}

function timesOf(created: number, { admitted, started, ended }: StoredRecord): TokenTimes {
  const optional = (name: 'admitted' | 'started' | 'ended', after: number | null) =>
    after === null ? {} : { [name]: created + after }
  return {
    created,
    waiting: created,
    ...optional('admitted', admitted),
    ...optional('started', started),
    ...optional('ended', ended),
  }
}
