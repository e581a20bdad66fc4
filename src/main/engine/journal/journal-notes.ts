import { previewOf, previewOfArguments } from '../scheduler/preview.ts'
import type { TokenRecordExtra } from '../scheduler/token-extra.ts'
import type { ObservedState, ObservedToken } from '../scheduler/token-observer.ts'
import { stateNumbers, tokenFlags } from '../scheduler/token-table.ts'
import { type BatchWriter, batchKinds, batchColumns as columns, rowFlags } from './journal-batch.ts'
import { keptResultBytes } from './journal-limits.ts'
import type { TokenRecordDetail } from './token-record.ts'

/** Arguments beyond this are not kept: such a token cannot run again after a crash, and is reported then. Bytes. */
const argumentsLimit = 1 << 26
/** Characters of one token's log that are kept. */
const logLimit = 1 << 16

export function noteAccepted(batch: BatchWriter, { table }: ObservedState, event: ObservedToken): void {
  const { slot } = event
  const at = batch.add(batchKinds.accepted, event.sequence)
  batch.set(at, columns.attempt, 1)
  batch.set(at, columns.subject, event.operation.index)
  batch.set(at, columns.created, event.createdAt)
  batch.set(at, columns.weight, table.weight[slot] ?? 1)
  batch.set(at, columns.parent, event.parent)
  batch.set(at, columns.timeout, table.timeout[slot] ?? 0)
  batch.set(at, columns.queueTimeout, table.queueTimeout[slot] ?? 0)
  batch.set(at, columns.flags, flagsOf(event, table.has(slot, tokenFlags.held)))
  if (event.values.length > 0) batch.value(at, event.values, argumentsLimit)
}

export function noteAgain(batch: BatchWriter, event: ObservedToken): void {
  const at = batch.add(batchKinds.again, event.sequence)
  batch.set(at, columns.attempt, event.attempt)
}

export function noteHeld(batch: BatchWriter, { table }: ObservedState, event: ObservedToken): void {
  const at = batch.add(batchKinds.held, event.sequence)
  batch.set(at, columns.subject, table.has(event.slot, tokenFlags.held) ? 1 : 0)
}

export function noteEnded(batch: BatchWriter, { table }: ObservedState, event: ObservedToken): void {
  const at = batch.add(batchKinds.ended, event.sequence)
  batch.set(at, columns.attempt, event.attempt)
  batch.set(at, columns.subject, stateNumbers[event.state])
  batch.set(at, columns.created, event.createdAt)
  batch.set(at, columns.admitted, event.admittedAt)
  batch.set(at, columns.started, event.startedAt)
  batch.set(at, columns.ended, event.endedAt)
  const { worker } = event
  batch.set(at, columns.core, worker?.core ?? -1)
  batch.set(at, columns.slot, worker?.slot ?? -1)
  const kept =
    event.state !== 'COMPLETED' || event.result === undefined || batch.value(at, event.result, keptResultBytes)
  const detail = detailOf(event, table.extras[event.slot] ?? null, kept)
  if (detail !== null) batch.detail(at, JSON.stringify(detail))
}

function flagsOf({ operation }: ObservedToken, held: boolean): number {
  return (operation.tags.idempotent === true ? rowFlags.idempotent : 0) | (held ? rowFlags.held : 0)
}

/** What only some tokens have; null for most. */
function detailOf(event: ObservedToken, extra: TokenRecordExtra | null, resultKept: boolean): TokenRecordDetail | null {
  const detail: TokenRecordDetail = {}
  if (event.error !== null) detail.error = event.error
  if (!resultKept) detail.result = previewOf(event.result)
  if (extra?.argumentsPreview != null) detail.arguments = extra.argumentsPreview
  else if (extra !== null && extra.transfer !== null) detail.arguments = previewOfArguments(event.values)
  if (extra !== null) addExtra(detail, extra)
  return Object.keys(detail).length === 0 ? null : detail
}

function addExtra(detail: TokenRecordDetail, extra: TokenRecordExtra): void {
  if (extra.actions.length > 0) detail.actions = extra.actions
  if (extra.attempts.length > 0) detail.attempts = extra.attempts
  if (extra.progress !== null) detail.progress = extra.progress
  if (extra.children > 0) detail.children = { total: extra.children, first: extra.firstChildren }
  if (extra.log.length === 0) return
  let characters = 0
  const fits = extra.log.findIndex((line) => {
    characters += line.text.length
    return characters > logLimit
  })
  detail.log = fits < 0 ? extra.log : extra.log.slice(0, fits)
  detail.logDropped = extra.logDropped + extra.log.length - detail.log.length
}
