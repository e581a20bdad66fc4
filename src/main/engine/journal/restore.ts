import type { Database } from 'better-sqlite3'
import type { ErrorData } from '../../../shared/errors.ts'
import { tokenId } from '../../../shared/model/token-id.ts'
import { stateNumbers } from '../scheduler/token-table.ts'
import { rowFlags, valueFormats } from './journal-batch.ts'
import type { RestoredToken, RestoreReport } from './journal-protocol.ts'

interface LiveRow {
  readonly sequence: number
  readonly name: string
  readonly epoch_wall: number
  readonly created: number
  readonly weight: number
  readonly attempt: number
  readonly parent: number
  readonly timeout: number
  readonly queue_timeout: number
  readonly flags: number
  readonly format: number
  readonly arguments: Buffer | null
}

type Fate = 'waits' | 'runs again' | 'interrupted' | 'superseded' | 'unkept'

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
export function restore(database: Database, begun: ReadonlyMap<number, number>, wallNow: number): RestoreReport {
  const rows = database
    .prepare(
      `SELECT sequence, name, epoch_wall, created, weight, attempt, parent, timeout, queue_timeout, flags, format, arguments
       FROM tokens JOIN operations USING (operation) JOIN runs USING (run) WHERE state < ? ORDER BY sequence`,
    )
    .all(stateNumbers.COMPLETED) as LiveRow[]
  const fates = new Map<number, Fate>()
  for (const row of rows) fates.set(row.sequence, fateOf(row, begun, fates))
  const counts = { requeued: 0, interrupted: 0, superseded: 0 }
  const waiting: RestoredToken[] = []
  const end = database.prepare('UPDATE tokens SET state = ?, ended = ?, detail = ? WHERE sequence = ?')
  const again = database.prepare('UPDATE tokens SET attempt = attempt + 1 WHERE sequence = ?')
  database.transaction(() => {
    for (const row of rows) {
      const fate = fates.get(row.sequence) ?? 'waits'
      if (fate === 'waits') waiting.push(restored(row, row.attempt))
      else if (fate === 'runs again') {
        again.run(row.sequence)
        counts.requeued += 1
        waiting.push(restored(row, row.attempt + 1))
      } else {
        const { state, error } = errors[fate]
        if (fate === 'superseded') counts.superseded += 1
        else counts.interrupted += 1
        const ended = Math.max(0, (wallNow - row.epoch_wall) * 1000 - row.created)
        end.run(state, ended, JSON.stringify({ error }), row.sequence)
      }
    }
  })()
  return { waiting, ...counts }
}

function fateOf(row: LiveRow, begun: ReadonlyMap<number, number>, fates: ReadonlyMap<number, Fate>): Fate {
  const lead = fates.get(row.parent)
  // A lead that begins anew makes its children anew, whatever had become of the old ones.
  if (lead === 'runs again' || lead === 'superseded') return 'superseded'
  // Of a token that waits for a further attempt only the earlier ones have begun.
  if ((begun.get(row.sequence) ?? 0) >= row.attempt) {
    if ((row.flags & rowFlags.idempotent) === 0) return 'interrupted'
    return row.format === valueFormats.unkept ? 'unkept' : 'runs again'
  }
  return row.format === valueFormats.unkept ? 'unkept' : 'waits'
}

function restored(row: LiveRow, attempt: number): RestoredToken {
  return {
    sequence: row.sequence,
    id: tokenId(row.name, row.created, row.epoch_wall, row.sequence),
    operation: row.name,
    weight: row.weight,
    attempt,
    parent: row.parent,
    timeout: row.timeout,
    queueTimeout: row.queue_timeout,
    held: (row.flags & rowFlags.held) !== 0,
    format: row.format,
    bytes: row.arguments ?? new Uint8Array(0),
  }
}
