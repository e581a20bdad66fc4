import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { newline } from './append-file.ts'
import type { IndexHead } from './index-head.ts'
import { DamagedIndex } from './place-table.ts'
import { type RegistryRecord, readNumbered, readRecord } from './registry-record.ts'
import type { RegistryView } from './registry-view.ts'
import type { StoreIndex } from './store-index.ts'

const chunkBytes = 4096

/** Under what an index finds the lines of a key, given as an index key. */
export function keyText(key: string): string {
  return `key ${key}`
}

/** Under what an index finds the lines with an address, given as an index key. */
export function addressText(address: string): string {
  return `at ${address}`
}

interface PlacedRecord {
  readonly place: number
  readonly record: RegistryRecord
}

/**
 * The part of a registry that its index knows. What the index says is always proved by the lines themselves; once it turns
 * out to be damaged, it is discarded, and this part of the file is read as a whole.
 */
export class IndexedRegistry implements RegistryView {
  readonly #path: string
  readonly #index: StoreIndex
  readonly #bytes: number
  readonly count: number
  /** All lines by the texts under which the index would find them; null: the index is believed. */
  #whole: ReadonlyMap<string, PlacedRecord[]> | null = null

  constructor(path: string, index: StoreIndex, { count, size }: Pick<IndexHead, 'count' | 'size'>) {
    this.#path = path
    this.#index = index
    this.#bytes = size
    this.count = count
  }

  record(key: string): RegistryRecord | null {
    const lines = this.#find(keyText(key))
    if (lines.length === 0) return null
    const last = lines.findLast(({ record }) => record.key === key)
    return last === undefined || last.record.tombstone ? null : last.record
  }

  keysAt(address: string): readonly string[] {
    const keys = this.#find(addressText(address))
      .filter(({ record }) => record.address === address && !record.tombstone)
      .map(({ record }) => record.key)
    return [...new Set(keys)].filter((key): key is string => key !== null && this.record(key)?.address === address)
  }

  /** The place of the line with which the key came to stay. */
  rank(key: string): number {
    const lines = this.#find(keyText(key)).filter(({ record }) => record.key === key)
    const removed = lines.findLastIndex(({ record }) => record.tombstone)
    return lines[removed + 1]?.place ?? 0
  }

  /** The lines under a text, and perhaps some under others, in the order of the file. */
  #find(text: string): readonly PlacedRecord[] {
    if (this.#whole !== null) return this.#whole.get(text) ?? []
    try {
      const places = this.#index.places(text)
      return places.length === 0 ? [] : readPlaces(this.#path, places, this.#bytes)
    } catch (error) {
      if (!(error instanceof DamagedIndex)) throw error
      this.#index.discard()
      this.#whole = readWhole(this.#path, this.#bytes)
      return this.#find(text)
    }
  }
}

/** The records at places below `limit`: the index may have grown meanwhile. Throws a DamagedIndex. */
function readPlaces(path: string, places: readonly number[], limit: number): PlacedRecord[] {
  const file = openSync(path, 'r')
  try {
    return places
      .filter((place) => place < limit)
      .sort((left, right) => left - right)
      .map((place) => ({ place, record: readPlaced(readLineAt(file, place)) }))
  } finally {
    closeSync(file)
  }
}

function readPlaced(line: string): RegistryRecord {
  try {
    return readRecord(line)
  } catch (error) {
    // Either the index is wrong or the line is broken; reading all lines tells which.
    throw new DamagedIndex('a place of the index is not the beginning of a record', { cause: error })
  }
}

/** The first `bytes` of a registry, without an index. Throws for a line that is no record. */
function readWhole(path: string, bytes: number): Map<string, PlacedRecord[]> {
  const found = new Map<string, PlacedRecord[]>()
  const add = (text: string, placed: PlacedRecord): void => {
    const known = found.get(text)
    if (known === undefined) found.set(text, [placed])
    else known.push(placed)
  }
  const lines = readFileSync(path).subarray(0, bytes).toString('utf8').split('\n')
  let place = 0
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '') {
      const record = readNumbered(line, index + 1, path)
      if (record.key !== null) add(keyText(record.key), { place, record })
      if (record.address !== null) add(addressText(record.address), { place, record })
    }
    place += Buffer.byteLength(line) + 1
  }
  return found
}

function readLineAt(file: number, place: number): string {
  const chunks: Buffer[] = []
  for (let at = place; ; at += chunkBytes) {
    const chunk = Buffer.allocUnsafe(chunkBytes)
    const read = readSync(file, chunk, 0, chunkBytes, at)
    const end = chunk.subarray(0, read).indexOf(newline)
    chunks.push(chunk.subarray(0, end < 0 ? read : end))
    if (end >= 0 || read === 0) return Buffer.concat(chunks).toString('utf8')
  }
}
