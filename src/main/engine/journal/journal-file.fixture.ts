import Database from 'better-sqlite3'
import { tokenStates } from '../../../shared/model/token.ts'
import { loadRows } from './load-rows.ts'
import { absent, RowColumns } from './row-columns.ts'

/** What a journal has of each token: its final state, or "unfinished". Ascending. */
export function statesIn(database: Database.Database): Map<number, string> {
  const columns = new RowColumns()
  const states = new Map<number, string>()
  for (const sequence of loadRows(database, columns).keys()) states.set(sequence, 'unfinished')
  for (const chunk of columns.newestFirst()) {
    for (const [at, state] of chunk.state.entries()) {
      if (state !== absent) states.set(chunk.firstSequence + at, tokenStates[state] ?? '')
    }
  }
  return new Map([...states].sort(([a], [b]) => a - b))
}

export function statesInFile(path: string): Map<number, string> {
  return readFile(path, statesIn)
}

/** Operation of each token that has ended, by sequence. */
export function operationsInFile(path: string): string[] {
  const columns = new RowColumns()
  readFile(path, (database) => loadRows(database, columns))
  return [...columns.newestFirst()].reverse().flatMap((chunk) => {
    const places = [...chunk.state.keys()].filter((at) => chunk.state[at] !== absent)
    return places.map((at) => columns.operationNames[chunk.operation[at] ?? 0] ?? '')
  })
}

function readFile<Answer>(path: string, read: (database: Database.Database) => Answer): Answer {
  const database = new Database(path, { readonly: true })
  try {
    return read(database)
  } finally {
    database.close()
  }
}
