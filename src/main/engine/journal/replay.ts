import type { Database } from 'better-sqlite3'
import { acceptedFlags, recordKinds } from './journal-record.ts'
import { type AcceptedRecord, SegmentView } from './segment.ts'

/** A token that the journal knows as accepted and not as ended. */
export interface UnfinishedToken {
  readonly run: number
  /** Segment that holds its arguments; 0 when it was carried over. */
  readonly segment: number
  readonly record: AcceptedRecord
  attempt: number
  held: boolean
}

export interface Replayed {
  readonly unfinished: Map<number, UnfinishedToken>
  /** Tokens that have ended and are kept. */
  readonly ended: number
  readonly lastSequence: number
  readonly lastSegment: number
}

interface StoredSegment {
  readonly segment: number
  readonly run: number
  readonly count: number
  readonly records: Buffer
}

/** Goes through everything that happened, oldest first. */
export function replay(database: Database): Replayed {
  const unfinished = new Map<number, UnfinishedToken>()
  let ended = 0
  let lastSequence = counter(database, 'last sequence')
  let lastSegment = counter(database, 'last segment')
  const carried = database.prepare('SELECT run, record AS records, 1 AS count, 0 AS segment FROM carried').iterate()
  const segments = database.prepare('SELECT segment, run, count, records FROM segments ORDER BY segment').iterate()
  const accepted = (token: UnfinishedToken) => {
    const { sequence } = token.record
    unfinished.set(sequence, token)
    lastSequence = Math.max(lastSequence, sequence)
  }
  for (const source of [carried, segments] as Iterable<StoredSegment>[]) {
    for (const stored of source) {
      const { segment, run } = stored
      lastSegment = Math.max(lastSegment, segment)
      const view = SegmentView.stored(stored)
      for (let index = 0; index < view.count; index++) {
        const kind = view.kind(index)
        if (kind === recordKinds.accepted) {
          const record = view.accepted(index)
          const held = (record.flags & acceptedFlags.held) !== 0
          accepted({ run, segment, record, attempt: record.attempt, held })
        } else if (kind === recordKinds.ended) {
          if (unfinished.delete(view.sequence(index))) ended += 1
        } else if (kind !== recordKinds.skipped) {
          const token = unfinished.get(view.sequence(index))
          if (token === undefined) continue
          if (kind !== recordKinds.held) token.attempt = view.attempt(index)
          if (kind !== recordKinds.again) token.held = view.held(index)
        }
      }
    }
  }
  return { unfinished, ended, lastSequence, lastSegment }
}

export function counter(database: Database, name: string): number {
  return Number(database.prepare('SELECT value FROM counters WHERE name = ?').pluck().get(name) ?? 0)
}
