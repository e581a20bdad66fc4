import Database from 'better-sqlite3'
import { previewOf } from '../scheduler/preview.ts'
import { readValue } from './journal-batch.ts'
import type { StoredRecord } from './kept-records.ts'
import type { TokenRecordDetail } from './token-record.ts'

/** Characters of one token's text that can be found. */
const textLimit = 2000
/** Rows indexed before questions get their turn. */
const sliceRows = 200
/** Shorter texts have no entry of their own in an index of three letters each. */
const indexedLength = 3

/**
 * Full-text search over arguments and errors: any part of the text, without regard to case. The index lies in a file of its own
 * beside the journal, is made in the reader's spare time and may be thrown away: whatever is missing in it is indexed again.
 */
export class TextSearch {
  readonly #index: Database.Database
  readonly #source: (sequence: number) => StoredRecord | null
  readonly #pending: number[] = []
  readonly #insertText: Database.Statement
  readonly #insertIndex: Database.Statement
  #working = false

  constructor(path: string, source: (sequence: number) => StoredRecord | null) {
    this.#source = source
    this.#index = openIndex(path)
    this.#insertText = this.#index.prepare('INSERT OR IGNORE INTO texts VALUES (?, ?)')
    this.#insertIndex = this.#index.prepare('INSERT INTO search (rowid, text) VALUES (?, ?)')
  }

  /** Rows that wait to be indexed. */
  get pending(): number {
    return this.#pending.length
  }

  /** Takes in which rows there are: what is not indexed yet will be. */
  begin(sequences: Iterable<number>): void {
    const indexed = new Set(this.#index.prepare('SELECT sequence FROM texts').pluck().all() as number[])
    for (const sequence of sequences) if (!indexed.has(sequence)) this.#pending.push(sequence)
    this.#work()
  }

  add(sequence: number): void {
    this.#pending.push(sequence)
    this.#work()
  }

  remove(sequences: Float64Array): void {
    const textOf = this.#index.prepare('SELECT text FROM texts WHERE sequence = ?').pluck()
    const fromIndex = this.#index.prepare("INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)")
    const fromTexts = this.#index.prepare('DELETE FROM texts WHERE sequence = ?')
    this.#index.transaction(() => {
      for (const sequence of sequences) {
        const text = textOf.get(sequence)
        if (text === undefined) continue
        fromIndex.run(sequence, text)
        fromTexts.run(sequence)
      }
    })()
  }

  /** Sequences of the rows whose text contains `text`. */
  find(text: string): Set<number> {
    const found =
      text.length < indexedLength
        ? this.#index
            .prepare("SELECT sequence FROM texts WHERE text LIKE ? ESCAPE '\\'")
            .pluck()
            .all(`%${escaped(text)}%`)
        : this.#index
            .prepare('SELECT rowid FROM search WHERE search MATCH ?')
            .pluck()
            .all(`"${text.replaceAll('"', '""')}"`)
    return new Set(found as number[])
  }

  close(): void {
    this.#pending.length = 0
    this.#index.close()
  }

  #work(): void {
    if (this.#working || this.#pending.length === 0) return
    this.#working = true
    setImmediate(() => {
      this.#working = false
      if (!this.#index.open) return
      this.#slice()
      this.#work()
    })
  }

  #slice(): void {
    const rows = this.#pending.splice(0, sliceRows)
    this.#index.transaction(() => {
      for (const sequence of rows) {
        const row = this.#source(sequence)
        // Removed meanwhile, or from a journal that was damaged: there is nothing to find.
        if (row === null) continue
        const text = textOf(row)
        if (this.#insertText.run(sequence, text).changes > 0) this.#insertIndex.run(sequence, text)
      }
    })()
  }
}

function openIndex(path: string): Database.Database {
  const index = new Database(path)
  index.pragma('journal_mode = WAL')
  // Lost with the power it is made again.
  index.pragma('synchronous = OFF')
  index.exec(`
    CREATE TABLE IF NOT EXISTS texts (sequence INTEGER PRIMARY KEY, text TEXT NOT NULL);
    CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(text, content='texts', content_rowid='sequence', tokenize='trigram')`)
  return index
}

function textOf({ accepted, arguments: bytes, detail }: StoredRecord): string {
  const known = detail === '' ? {} : (JSON.parse(detail) as TokenRecordDetail)
  const parts = [known.arguments?.text ?? argumentText(accepted.format, bytes)]
  if (known.error !== undefined) parts.push(known.error.message)
  return parts.join('\n').slice(0, textLimit)
}

/** The same text that a search over live tokens looks at. */
function argumentText(format: number, bytes: Uint8Array | null): string {
  const value = bytes === null ? undefined : readValue(format, bytes)?.value
  if (!Array.isArray(value) || value.length === 0) return ''
  return value.every((each) => typeof each === 'number' || typeof each === 'string')
    ? value.join(' ')
    : previewOf(value).text
}

function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)
}
