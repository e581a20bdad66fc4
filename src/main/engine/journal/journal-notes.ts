import { approximateBytes, previewOf, previewOfArguments } from '../scheduler/preview.ts'
import type { TokenRecordExtra } from '../scheduler/token-extra.ts'
import type { ObservedState, ObservedToken } from '../scheduler/token-observer.ts'
import { stateNumbers, tokenFlags } from '../scheduler/token-table.ts'
import type { BatchWriter } from './journal-batch.ts'
import { keptArgumentBytes, keptResultBytes } from './journal-limits.ts'
import { acceptedFlags, endedFlags } from './journal-record.ts'
import type { TokenRecordDetail } from './token-record.ts'

/** Arguments beyond this are not kept: such a token cannot run again after a crash, and is reported then. Bytes. */
const argumentsLimit = 1 << 26
/** Characters of one token's log that are kept. */
const logLimit = 1 << 16

/** `operation`: its number in the journal. */
export function noteAccepted(
  batch: BatchWriter,
  { table }: ObservedState,
  event: ObservedToken,
  operation: number,
): void {
  const { slot, values } = event
  if (values.length > 0) batch.value(values, table.has(slot, tokenFlags.secret) ? 0 : argumentsLimit)
  batch.accepted({
    sequence: event.sequence,
    attempt: event.attempt,
    operation,
    created: event.createdAt,
    weight: table.weight[slot] ?? 1,
    parent: event.parent,
    timeout: table.timeout[slot] ?? 0,
    queueTimeout: table.queueTimeout[slot] ?? 0,
    flags: flagsOf(event, table),
  })
}

export function noteEnded(batch: BatchWriter, { table, options }: ObservedState, event: ObservedToken): void {
  const { slot, worker } = event
  const created = event.createdAt
  const resultLimit = table.has(slot, tokenFlags.secret) ? 0 : keptResultBytes
  const kept = event.state !== 'COMPLETED' || event.result === undefined || batch.value(event.result, resultLimit)
  const detail = detailOf(event, table.extras[slot] ?? null, kept, mayBeCut(event, table.has(slot, tokenFlags.pulled)))
  batch.ended(
    {
      sequence: event.sequence,
      attempt: event.attempt,
      state: stateNumbers[event.state],
      admitted: since(created, event.admittedAt),
      started: since(created, event.startedAt),
      ended: since(created, event.endedAt),
      core: worker?.core ?? 0,
      slot: worker?.slot ?? 0,
      position: table.position[slot] ?? 0,
      flags:
        (table.has(slot, tokenFlags.stolen) ? endedFlags.stolen : 0) |
        (options.strategy === 'counting' ? endedFlags.counting : 0),
    },
    detail === null ? '' : JSON.stringify(detail),
  )
}

function since(created: number, at: number): number {
  return at === 0 ? Number.NaN : at - created
}

function flagsOf({ operation, slot }: ObservedToken, table: ObservedState['table']): number {
  return (
    (operation.tags.idempotent === true ? acceptedFlags.idempotent : 0) |
    (table.has(slot, tokenFlags.held) ? acceptedFlags.held : 0) |
    (table.has(slot, tokenFlags.fromTuple) ? acceptedFlags.fromTuple : 0)
  )
}

/** Whether its arguments may be so large that they go with its end. Those that fitted a mailbox are not. */
function mayBeCut({ admittedAt, values }: ObservedToken, pulled: boolean): boolean {
  return (pulled || admittedAt === 0) && approximateBytes(values) > keptArgumentBytes / 4
}

/** What only some tokens have; null for most. */
function detailOf(
  event: ObservedToken,
  extra: TokenRecordExtra | null,
  resultKept: boolean,
  argumentsMayBeCut: boolean,
): TokenRecordDetail | null {
  if (event.error === null && extra === null && resultKept && !argumentsMayBeCut) return null
  const detail: TokenRecordDetail = {}
  if (event.error !== null) detail.error = event.error
  if (!resultKept) detail.result = extra?.resultPreview ?? previewOf(event.result)
  if (extra?.argumentsPreview != null) detail.arguments = extra.argumentsPreview
  else if (argumentsMayBeCut || (extra !== null && extra.transfer !== null)) {
    detail.arguments = previewOfArguments(event.values)
  }
  if (extra !== null) addExtra(detail, extra)
  return Object.keys(detail).length === 0 ? null : detail
}

function addExtra(detail: TokenRecordDetail, extra: TokenRecordExtra): void {
  if (extra.actions.length > 0) detail.actions = extra.actions
  if (extra.attempts.length > 0) detail.attempts = extra.attempts
  if (extra.progress !== null) detail.progress = extra.progress
  if (extra.children > 0) detail.children = { total: extra.children, first: extra.firstChildren }
  // Lines that were printed beyond every limit are counted, also when none is kept.
  if (extra.logDropped > 0) detail.logDropped = extra.logDropped
  if (extra.log.length === 0) return
  let characters = 0
  const fits = extra.log.findIndex((line) => {
    characters += line.text.length
    return characters > logLimit
  })
  detail.log = fits < 0 ? extra.log : extra.log.slice(0, fits)
  detail.logDropped = extra.logDropped + extra.log.length - detail.log.length
}
