import Database from 'better-sqlite3'
import type { TokenRow } from '../../../shared/contract/tokens.ts'
import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import { tokenStates, weights } from '../../../shared/model/token.ts'
import { sequenceOf, tokenId } from '../../../shared/model/token-id.ts'
import { stateNumbers } from '../scheduler/token-table.ts'
import { KeptRecords, type StoredRecord } from './kept-records.ts'
import { loadRows } from './load-rows.ts'
import type {
  FromReader,
  PageAnswer,
  PageQuestion,
  QuestionName,
  Questions,
  ReaderData,
  ToReader,
} from './reader-protocol.ts'
import { evictedColumns as evicted, evictedWidth, RowColumns, rowsPerChunk } from './row-columns.ts'
import { matchRows, pageOf, type TextMatch } from './row-query.ts'
import { storageFault } from './sqlite-error.ts'
import { TextSearch } from './text-search.ts'
import { describeRecord, type Family, outcomeOfRecord } from './token-records.ts'
import { TokenTexts } from './token-texts.ts'

/** A question that took longer is told, milliseconds. */
const slowMs = 250
const ancestorsShown = 64

type Ask = Extract<ToReader, { type: 'ask' }>

/** Answers from memory what the table shows, and from the file what the inspector does. Its own connection only reads. */
export class JournalReader {
  readonly #data: ReaderData
  readonly #tell: (message: FromReader, transfer?: readonly ArrayBuffer[]) => void
  readonly #columns = new RowColumns()
  /** Of this run's operation indexes, the number in the columns. */
  readonly #operations: number[] = []
  #database: Database.Database
  #records: KeptRecords
  /** Segments of tokens that earlier runs accepted and this one ends. */
  #unfinished = new Map<number, number>()
  #search: TextSearch

  constructor(data: ReaderData, tell: (message: FromReader, transfer?: readonly ArrayBuffer[]) => void) {
    this.#data = data
    this.#tell = tell
    this.#database = openForReading(data.path)
    this.#records = new KeptRecords(this.#database)
    this.#search = this.#makeSearch()
  }

  /** Takes in what earlier runs left. Questions that come meanwhile wait in the port. */
  open(): void {
    // The transaction freezes what is there now: what this run writes later comes as evicted.
    this.#database.exec('BEGIN')
    this.#database.prepare('SELECT count(*) FROM runs').get()
    this.#tell({ type: 'ready' })
    this.#unfinished = loadRows(this.#database, this.#columns)
    this.#database.exec('COMMIT')
    this.#search.add(this.#sequences())
    this.#tell({ type: 'loaded', total: this.#columns.count })
  }

  receive(message: ToReader): void {
    switch (message.type) {
      case 'evicted':
        return this.#evicted(message)
      case 'removed':
        for (const sequence of message.sequences) this.#remove(sequence)
        return
      case 'reopen':
        return this.#reopen()
      case 'ask':
        return this.#ask(message)
    }
  }

  #remove(sequence: number): void {
    const emptied = this.#columns.remove(sequence)
    if (emptied >= 0) this.#search.removeChunk(emptied)
  }

  #makeSearch(): TextSearch {
    return new TextSearch(new TokenTexts(this.#columns, this.#records), this.#data.textMemory)
  }

  *#sequences(): Generator<number> {
    for (const chunk of this.#columns.newestFirst()) {
      for (let at = chunk.state.length - 1; at >= 0; at--) if (chunk.state[at] !== 255) yield chunk.firstSequence + at
    }
  }

  #evicted({ count, numbers: buffer, operations, texts }: Extract<ToReader, { type: 'evicted' }>): void {
    for (const [index, name] of operations) this.#operations[index] = this.#columns.operation(name)
    const rows = new Float64Array(buffer)
    if (this.#unfinished.size > 0) this.#addPlaces(rows, count)
    this.#columns.putEvicted(rows, count, { epochWall: this.#data.epochWall, operations: this.#operations })
    for (const block of texts) this.#search.addShared(block)
    const unread = this.#unread(rows, count)
    if (unread.length > 0) this.#search.add(unread)
    this.#tell({ type: 'taken', numbers: buffer }, [buffer])
  }

  /** Tokens whose text is not among those that the writer shares: only of one that completed are its arguments all there is. */
  #unread(rows: Float64Array, count: number): number[] {
    const unread: number[] = []
    for (let from = 0; from < count * evictedWidth; from += evictedWidth) {
      const sequence = rows[from + evicted.sequence] ?? 0
      const isPlain = rows[from + evicted.state] === stateNumbers.COMPLETED
      if (!(isPlain && this.#search.isShared(sequence))) unread.push(sequence)
    }
    return unread
  }

  /** Tokens that an earlier run accepted come without the place of their acceptance. */
  #addPlaces(rows: Float64Array, count: number): void {
    for (let from = 0; from < count * evictedWidth; from += evictedWidth) {
      const sequence = rows[from + evicted.sequence] ?? 0
      const place = this.#unfinished.get(sequence)
      if (place === undefined) continue
      this.#unfinished.delete(sequence)
      if (rows[from + evicted.acceptedIn] === 0) rows[from + evicted.acceptedIn] = place
    }
  }

  /** The file was damaged and another has taken its place: what was only in it is gone. */
  #reopen(): void {
    this.#database.close()
    this.#database = openForReading(this.#data.path)
    this.#records = new KeptRecords(this.#database)
    this.#unfinished.clear()
    for (const sequence of [...this.#sequences()]) this.#columns.remove(sequence)
    this.#search.close()
    this.#search = this.#makeSearch()
    this.#tell({ type: 'loaded', total: 0 })
  }

  #ask(message: Ask): void {
    const from = performance.now()
    try {
      this.#tell({ type: 'answer', request: message.request, answer: this.#answer(message) })
    } catch (error) {
      this.#tell({ type: 'failed', request: message.request, error: toErrorData(readable(error)) })
    }
    const tookMs = performance.now() - from
    if (tookMs > slowMs)
      this.#tell({
        type: 'slow',
        sentence: `A question to the journal (${message.name}) took ${Math.round(tookMs)} ms.`,
      })
  }

  #answer(message: Ask): Questions[QuestionName]['answer'] {
    switch (message.name) {
      case 'page':
        return this.#page(message.question)
      case 'rows':
        return message.question.flatMap((sequence) => this.#row(sequence) ?? [])
      case 'detail': {
        const record = this.#record(message.question)
        return record === null
          ? null
          : describeRecord(record.row, record.stored, this.#data.epochWall, this.#familyOf(record.row.sequence))
      }
      case 'outcome': {
        const record = this.#record(message.question)
        return record === null ? null : outcomeOfRecord(record.row, record.stored)
      }
    }
  }

  #page({ filter, sort, offset, limit, live }: PageQuestion): PageAnswer {
    const parent = filter.parent === undefined ? null : (sequenceOf(filter.parent) ?? -1)
    const text = filter.text === undefined || filter.text === '' ? null : this.#textMatch(filter.text)
    const found = matchRows(this.#columns, filter, parent, text)
    const page = pageOf(this.#columns, found, live, sort, offset, limit)
    const liveOnes = new Set(live.sequences)
    return {
      rows: Array.from(page, (sequence) => (liveOnes.has(sequence) ? sequence : (this.#row(sequence) ?? sequence))),
      matched: found.length,
      total: this.#columns.count,
      unsearched: text === null ? 0 : this.#search.pending,
      unsearchable: text === null ? 0 : this.#columns.countBefore(this.#search.firstSequence),
    }
  }

  /** Found in the operation's name, the arguments or the error; an id by its end, the sequence included. */
  #textMatch(text: string): TextMatch {
    const lower = text.toLowerCase()
    const operations = Uint8Array.from(this.#columns.operationNames, (name) =>
      name.toLowerCase().includes(lower) ? 1 : 0,
    )
    const found = this.#search.find(text)
    const digits = /\d{1,15}$/.exec(lower)?.[0]
    const place = digits === undefined ? null : this.#columns.find(Number(digits))
    if (place !== null && `_${this.#columns.idOf(place.chunk, place.at).toLowerCase()}`.endsWith(`_${lower}`)) {
      const number = place.chunk.firstSequence / rowsPerChunk
      const marks = found.get(number) ?? new Uint8Array(rowsPerChunk)
      marks[place.at] = 1
      found.set(number, marks)
    }
    return { operations, found }
  }

  #row(sequence: number): TokenRow | null {
    const place = this.#columns.find(sequence)
    if (place === null) return null
    const { chunk, at } = place
    const parent = chunk.parent[at] ?? 0
    const ran = chunk.ran[at] ?? -1
    const core = chunk.core[at] ?? 0
    const slot = chunk.slot[at] ?? -1
    return {
      id: this.#columns.idOf(chunk, at),
      sequence,
      operation: this.#columns.operationNames[chunk.operation[at] ?? 0] ?? 'unknown',
      state: tokenStates[chunk.state[at] ?? 0] ?? 'CREATED',
      weight: weights[chunk.weight[at] ?? 1] ?? 'medium',
      core: core === 0 ? null : core,
      slot: slot < 0 ? null : slot,
      createdAt: ((chunk.epochWall[at] ?? 0) - this.#data.epochWall) * 1000 + (chunk.created[at] ?? 0),
      waited: Math.max(0, chunk.waited[at] ?? 0),
      ran: ran < 0 ? null : ran,
      attempt: chunk.attempt[at] ?? 1,
      held: false,
      parent: parent === 0 ? null : this.#idOf(parent),
    }
  }

  #idOf(sequence: number): string {
    const place = this.#columns.find(sequence)
    return place === null
      ? tokenId('unknown', 0, this.#data.epochWall, sequence)
      : this.#columns.idOf(place.chunk, place.at)
  }

  #familyOf(sequence: number): Family {
    const ancestors: string[] = []
    let place = this.#columns.find(sequence)
    while (place !== null && ancestors.length < ancestorsShown) {
      const parent = place.chunk.parent[place.at] ?? 0
      if (parent === 0) break
      ancestors.push(this.#idOf(parent))
      place = this.#columns.find(parent)
    }
    const idsOf = (sequences: readonly number[]) =>
      sequences.filter((each) => this.#columns.find(each) !== null).map((each) => this.#idOf(each))
    return { ancestors, idsOf }
  }

  #record(id: string) {
    const sequence = sequenceOf(id)
    const row = sequence === null ? null : this.#row(sequence)
    if (row === null || row.id !== id) return null
    const stored = this.#stored(row.sequence)
    if (stored === null) throw new GuardhouseError('not-kept', `token ${id} is not in the journal any more`)
    return { row, stored }
  }

  #stored(sequence: number): StoredRecord | null {
    const place = this.#columns.find(sequence)
    if (place === null) return null
    const { chunk, at } = place
    return this.#records.find(sequence, { acceptedIn: chunk.acceptedIn[at] ?? 0, endedIn: chunk.endedIn[at] ?? 0 })
  }
}

function openForReading(path: string): Database.Database {
  return new Database(path, { readonly: true, timeout: 5000 })
}

function readable(error: unknown): unknown {
  if (error instanceof GuardhouseError || !(error instanceof Error) || !('code' in error)) return error
  const hint =
    storageFault(error) === 'damaged' ? 'The journal is damaged; it is replaced at the next write.' : undefined
  return new GuardhouseError('not-kept', `the journal cannot be read: ${error.message}`, { hint, cause: error })
}
