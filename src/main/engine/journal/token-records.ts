import type { TokenDetail, TokenRow, TokenTimes } from '../../../shared/contract/tokens.ts'
import { type RouteExplanation, weights } from '../../../shared/model/token.ts'
import { previewOf, previewOfArguments } from '../scheduler/preview.ts'
import { explainRoute } from '../scheduler/route-explanation.ts'
import { readValue } from './journal-batch.ts'
import { endedFlags } from './journal-record.ts'
import type { StoredRecord } from './kept-records.ts'
import type { KeptOutcome } from './reader-protocol.ts'
import type { TokenRecordDetail } from './token-record.ts'

export interface Family {
  /** The nearest first. */
  readonly ancestors: string[]
  /** Ids of the tokens among these that are kept. */
  idsOf(sequences: readonly number[]): string[]
}

/** Everything the inspector shows, as far as it was kept. `now` is the instant of its end: nothing of it changes any more. */
export function describeRecord(row: TokenRow, stored: StoredRecord, epochWall: number, family: Family): TokenDetail {
  const detail = detailOf(stored)
  const times = timesOf(row.createdAt, stored.ended)
  const shift = (stored.epochWall - epochWall) * 1000
  const error = detail.error ?? null
  return {
    ...row,
    times,
    tags: stored.tags,
    arguments: detail.arguments ?? argumentsOf(stored),
    result: row.state === 'COMPLETED' ? (detail.result ?? previewOf(resultOf(stored))) : null,
    error,
    progress: detail.progress ?? null,
    log: (detail.log ?? []).map((line) => ({ ...line, at: line.at + shift })),
    logDropped: detail.logDropped ?? 0,
    route: routeOf(stored),
    waitingBecause: null,
    stopping: false,
    deadlines: {
      queueTimeout: stored.accepted.queueTimeout || null,
      timeout: stored.accepted.timeout || null,
    },
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
  return detail === '' ? {} : (JSON.parse(detail) as TokenRecordDetail)
}

function argumentsOf({ accepted, arguments: bytes }: StoredRecord): TokenDetail['arguments'] {
  const read = bytes === null ? null : readValue(accepted.format, bytes)
  if (read === null) return { text: '(not kept)', bytes: 0, truncated: true }
  return previewOfArguments(Array.isArray(read.value) ? read.value : [])
}

function resultOf({ ended, result }: StoredRecord): unknown {
  return readValue(ended.resultFormat, result)?.value
}

function timesOf(created: number, { admitted, started, ended }: StoredRecord['ended']): TokenTimes {
  const optional = (name: 'admitted' | 'started' | 'ended', after: number) =>
    Number.isNaN(after) ? {} : { [name]: created + after }
  return {
    created,
    waiting: created,
    ...optional('admitted', admitted),
    ...optional('started', started),
    ...optional('ended', ended),
  }
}

/** Null for a token that never was placed. */
function routeOf({ accepted, ended, cores, workersPerCore }: StoredRecord): RouteExplanation | null {
  // Journals of the first version did not keep the machine's size.
  if (ended.core === 0 || cores === 0) return null
  return explainRoute({
    weight: weights[accepted.weight] ?? 'medium',
    core: ended.core,
    slot: ended.slot,
    position: ended.position,
    stolen: (ended.flags & endedFlags.stolen) !== 0,
    strategy: (ended.flags & endedFlags.counting) !== 0 ? 'counting' : 'staggered',
    cores,
    workersPerCore,
  })
}
