import { previewOf } from '../scheduler/preview.ts'
import { stateNumbers } from '../scheduler/token-table.ts'
import { flatRoom } from './flat-text.ts'
import { readValue } from './journal-batch.ts'
import type { KeptRecords, StoredRecord } from './kept-records.ts'
import type { RowColumns } from './row-columns.ts'
import { storageFault } from './sqlite-error.ts'
import type { TokenRecordDetail } from './token-record.ts'

/** Characters of one token's text that can be found. */
const textLimit = 2000

/** What stands for the length of a text. */
export const noText = {
  /** Removed meanwhile, or of a journal that was damaged: there is nothing to find. */
  gone: -1,
  /** It is not on the disk yet. */
  notYet: -2,
} as const

/** Reads the texts that a search looks at, arguments and errors, from the file: lower-case UTF-8. */
export class TokenTexts {
  /** The text that was read last. */
  bytes: Uint8Array
  readonly #columns: RowColumns
  readonly #records: KeptRecords
  readonly #flat = new Uint8Array(flatRoom)
  readonly #encoder = new TextEncoder()

  constructor(columns: RowColumns, records: KeptRecords) {
    this.#columns = columns
    this.#records = records
    this.bytes = this.#flat
  }

  /** Bytes of the token's text, or one of `noText`. */
  read(sequence: number): number {
    try {
      return this.#read(sequence)
    } catch (error) {
      // Nobody waits for it who could be told; the writer finds out by itself that the file is damaged.
      return storageFault(error) === 'damaged' ? noText.gone : noText.notYet
    }
  }

  #read(sequence: number): number {
    const place = this.#columns.find(sequence)
    if (place === null) return noText.gone
    const { chunk, at } = place
    const acceptedIn = chunk.acceptedIn[at] ?? 0
    const endedIn = chunk.endedIn[at] ?? 0
    // Of a token that completed, arguments this small are all there is.
    if (chunk.state[at] === stateNumbers.COMPLETED && acceptedIn > 0) {
      const length = this.#records.flatText(sequence, acceptedIn, this.#flat)
      if (length >= 0) {
        this.bytes = this.#flat
        return length
      }
    }
    const record = this.#records.find(sequence, { acceptedIn, endedIn })
    if (record === null) return this.#records.reaches(Math.max(acceptedIn, endedIn)) ? noText.gone : noText.notYet
    this.bytes = this.#encoder.encode(textOf(record).toLowerCase())
    return this.bytes.length
  }
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
