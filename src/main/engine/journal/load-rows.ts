import type { Database } from 'better-sqlite3'
import { recordKinds } from './journal-record.ts'
import type { RowColumns } from './row-columns.ts'
import { type AcceptedRecord, SegmentView } from './segment.ts'

interface Begun {
  readonly run: number
  readonly segment: number
  readonly record: AcceptedRecord
}

interface StoredRecords {
  readonly segment: number
  readonly run: number
  readonly count: number
  readonly records: Buffer
}

/**
 * Brings every ended token of the file into the columns. Returns the segments of those that have not ended, by sequence: 0 for the
 * carried-over. About a microsecond a token.
 */
export function loadRows(database: Database, columns: RowColumns): Map<number, number> {
  const epochs = new Map(database.prepare('SELECT run, epoch_wall FROM runs').raw().all() as [number, number][])
  const operations = new Map<number, Map<number, number>>()
  const named = database.prepare('SELECT run, number, name FROM operations').raw().all() as [number, number, string][]
  for (const [run, number, name] of named) {
    const ofRun = operations.get(run) ?? new Map<number, number>()
    operations.set(run, ofRun.set(number, columns.operation(name)))
  }
  const begun = new Map<number, Begun>()
  const sources = [
    database.prepare('SELECT 0 AS segment, run, 1 AS count, record AS records FROM carried').iterate(),
    database.prepare('SELECT segment, run, count, records FROM segments ORDER BY segment').iterate(),
  ] as Iterable<StoredRecords>[]
  const ended = (view: SegmentView, index: number, segment: number) => {
    const end = view.ended(index)
    const begin = begun.get(end.sequence)
    if (begin === undefined) {
      const known = columns.find(end.sequence)
      // Its record was amended after its end.
      if (known !== null) known.chunk.endedIn[known.at] = segment
      return
    }
    begun.delete(end.sequence)
    const { record, run } = begin
    const begins = Number.isNaN(end.started) ? -1 : end.started
    columns.put({
      sequence: end.sequence,
      operation: operations.get(run)?.get(record.operation) ?? columns.operation('unknown'),
      epochWall: epochs.get(run) ?? 0,
      created: record.created,
      weight: record.weight,
      attempt: end.attempt,
      parent: record.parent,
      state: end.state,
      core: end.core,
      slot: end.core === 0 ? -1 : end.slot,
      waited: begins < 0 ? end.ended || 0 : begins,
      ran: begins < 0 ? -1 : end.ended - begins,
      acceptedIn: begin.segment,
      endedIn: segment,
    })
  }
  for (const source of sources) {
    for (const stored of source) {
      const { segment, run } = stored
      const view = SegmentView.stored(stored)
      for (let index = 0; index < view.count; index++) {
        const kind = view.kind(index)
        if (kind === recordKinds.ended) ended(view, index, segment)
        else if (kind === recordKinds.accepted) {
          const record = view.accepted(index)
          begun.set(record.sequence, { run, segment, record })
        }
      }
    }
  }
  return new Map(Array.from(begun, ([sequence, { segment }]) => [sequence, segment]))
}
