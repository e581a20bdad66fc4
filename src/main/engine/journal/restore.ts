import type { ErrorData } from '../../../shared/errors.ts'
import { stateNumbers } from '../scheduler/token-table.ts'
import { EarlierTokens } from './earlier-tokens.ts'
import { BatchWriter } from './journal-batch.ts'
import type { JournalBatch, RestoredToken, RestoreReport } from './journal-protocol.ts'
import { acceptedFlags, valueFormats } from './journal-record.ts'
import type { JournalStore } from './journal-store.ts'
import type { UnfinishedToken } from './replay.ts'

type Fate = 'waits' | 'runs again' | 'interrupted' | 'superseded' | 'returned' | 'unkept'

const errors: Readonly<Record<Exclude<Fate, 'waits' | 'runs again'>, { state: number; error: ErrorData }>> = {
  interrupted: {
    state: stateNumbers.FAILED,
    error: {
      kind: 'interrupted',
      message: 'the host ended while the token ran; whether its work was done is not known',
      hint: 'Look at what the operation had done, and submit the call again if need be. With the tag idempotent such tokens run again by themselves.',
    },
  },
  superseded: {
    state: stateNumbers.KILLED,
    error: {
      kind: 'killed',
      message: 'the host ended, and the token that submitted this one begins anew and submits it again',
    },
  },
  returned: {
    state: stateNumbers.KILLED,
    error: {
      kind: 'killed',
      message: 'the host ended; the tuple that this token was made of goes back to its lane and becomes a new token',
    },
  },
  unkept: {
    state: stateNumbers.FAILED,
    error: {
      kind: 'interrupted',
      message: 'the host ended before the token ran, and its arguments could not be kept in the journal',
      hint: 'Submit the call again.',
    },
  },
}

/**
 * `begun`: the newest attempt that was begun, by token. Decides what becomes of every token that had not ended when the last run did, and writes it down, all in one transaction:
 * what had not begun waits again; what had begun runs again when it was marked as idempotent, else it is reported as interrupted.
 */
export function restore(store: JournalStore, begun: ReadonlyMap<number, number>, wallNow: number): RestoreReport {
  const tokens = [...store.earlier.unfinished.values()].sort((a, b) => a.record.sequence - b.record.sequence)
  const fates = new Map<number, Fate>()
  for (const token of tokens) fates.set(token.record.sequence, fateOf(token, begun, fates))
  const counts = { requeued: 0, interrupted: 0, superseded: 0 }
  const waiting: RestoredToken[] = []
  const earlier = new EarlierTokens(store.database)
  const batch = new BatchWriter()
  for (const token of tokens) {
    const { sequence } = token.record
    const fate = fates.get(sequence) ?? 'waits'
    if (fate === 'waits') waiting.push(earlier.restored(token, token.attempt))
    else if (fate === 'runs again') {
      batch.again(sequence, token.attempt + 1)
      counts.requeued += 1
      waiting.push(earlier.restored(token, token.attempt + 1))
    } else {
      if (fate === 'superseded' || fate === 'returned') counts.superseded += 1
      else counts.interrupted += 1
      noteFate(batch, token, errors[fate], earlier.epochOf(token), wallNow)
    }
  }
  if (batch.count > 0) store.write(ownBatch(batch, store.lastBatch + 1))
  return { waiting, ...counts }
}

function noteFate(
  batch: BatchWriter,
  { record, attempt }: UnfinishedToken,
  { state, error }: { state: number; error: ErrorData },
  epochWall: number,
  wallNow: number,
): void {
  const ended = Math.max(0, (wallNow - epochWall) * 1000 - record.created)
  const never = Number.NaN
  const { sequence } = record
  batch.ended(
    { sequence, attempt, state, admitted: never, started: never, ended, core: 0, slot: 0, position: 0, flags: 0 },
    JSON.stringify({ error }),
  )
}

function ownBatch(batch: BatchWriter, number: number): JournalBatch {
  const beside = { operations: [], audit: [], settings: [], cores: 0, workersPerCore: 0 }
  return { ...batch.take(), ...beside, number, everything: false, sync: true }
}

function fateOf(token: UnfinishedToken, begun: ReadonlyMap<number, number>, fates: ReadonlyMap<number, Fate>): Fate {
  const { sequence, parent, flags, format } = token.record
  const lead = fates.get(parent)
  // A lead that begins anew makes its children anew, whatever had become of the old ones.
  if (lead === 'runs again' || lead === 'superseded' || lead === 'returned') return 'superseded'
  // Two things that come back would do the work twice, and the tuple is what its producer was promised.
  if ((flags & acceptedFlags.fromTuple) !== 0) return 'returned'
  // Of a token that waits for a further attempt only the earlier ones have begun.
  if ((begun.get(sequence) ?? 0) >= token.attempt) {
    if ((flags & acceptedFlags.idempotent) === 0) return 'interrupted'
    return format === valueFormats.unkept ? 'unkept' : 'runs again'
  }
  return format === valueFormats.unkept ? 'unkept' : 'waits'
}
