import type { Database } from 'better-sqlite3'
import { stateNumbers } from '../scheduler/token-table.ts'
import { BatchWriter } from './journal-batch.ts'
import { recordBytes, valueFormats } from './journal-record.ts'

/** A token as version 1 of the journal kept it: everything in one row. */
interface TokenRow {
  readonly sequence: number
  readonly run: number
  readonly operation: number
  readonly created: number
  readonly weight: number
  readonly attempt: number
  readonly parent: number
  readonly timeout: number
  readonly queue_timeout: number
  readonly flags: number
  readonly state: number
  readonly core: number | null
  readonly slot: number | null
  readonly admitted: number | null
  readonly started: number | null
  readonly ended: number | null
  readonly format: number
  readonly arguments: Buffer | null
  readonly result_format: number | null
  readonly result: Buffer | null
  readonly detail: string | null
}

const rowsInSegment = 10_000
/** Format of arguments in version 1 of which only a preview was left. */
const previewOnly = 4

/** Brings the tokens of version 1 into segments, oldest first. Part of a migration. */
export function rowsToSegments(database: Database): void {
  const read = database.prepare('SELECT * FROM tokens WHERE sequence > ? ORDER BY sequence LIMIT ?')
  const write = database.prepare('INSERT INTO segments VALUES (?, ?, ?, ?, 0, 0, ?, ?)')
  const large = database.prepare('INSERT INTO large VALUES (?, ?)')
  const batch = new BatchWriter()
  let segment = 0
  const flush = (run: number) => {
    if (batch.count === 0) return
    const { count, records, bytes, used, large: apart } = batch.take()
    segment += 1
    write.run(
      segment,
      run,
      Date.now(),
      count,
      Buffer.from(records, 0, count * recordBytes),
      Buffer.from(bytes, 0, used),
    )
    for (const [sequence, value] of apart) large.run(sequence, value)
  }
  let last = 0
  let run = 0
  for (;;) {
    const rows = read.all(last, rowsInSegment) as TokenRow[]
    for (const row of rows) {
      if (row.run !== run) flush(run)
      run = row.run
      addRow(batch, row)
      last = row.sequence
    }
    flush(run)
    if (rows.length < rowsInSegment) break
  }
  database.exec(
    `INSERT INTO operations SELECT DISTINCT tokens.run, tokens.operation, name, '{}' FROM tokens JOIN operations_1 USING (operation)`,
  )
}

function addRow(batch: BatchWriter, row: TokenRow): void {
  const { sequence, attempt, operation, created, weight, parent, timeout, flags } = row
  if (row.arguments !== null) batch.encoded(row.format, row.arguments)
  else if (row.format === previewOnly || row.format === valueFormats.unkept)
    batch.encoded(valueFormats.unkept, Buffer.alloc(0))
  const queueTimeout = row.queue_timeout
  batch.accepted({ sequence, attempt, operation, created, weight, parent, timeout, queueTimeout, flags })
  if (row.state < stateNumbers.COMPLETED) return
  if (row.result !== null) batch.encoded(row.result_format ?? 0, row.result)
  const { state, core, slot } = row
  batch.ended(
    {
      sequence,
      attempt,
      state,
      admitted: row.admitted ?? Number.NaN,
      started: row.started ?? Number.NaN,
      ended: row.ended ?? Number.NaN,
      core: core ?? 0,
      slot: slot ?? 0,
      position: 0,
      flags: 0,
    },
    row.detail ?? '',
  )
}
