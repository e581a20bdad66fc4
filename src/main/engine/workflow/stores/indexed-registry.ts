import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { newline } from './append-file.ts'
import type { IndexHead } from './index-head.ts'
import { DamagedIndex } from './place-table.ts'
import { RegistryLayer } from './registry-layer.ts'
import { type RegistryRecord, readNumbered, readRecord } from './registry-record.ts'
import { emptyRegistry, type RegistryView } from './registry-view.ts'
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
  /** Null: the index is believed. */
  #lines: RegistryView | null = null

  constructor(path: string, index: StoreIndex, { count, stamp }: Pick<IndexHead, 'count' | 'stamp'>) {
    this.#path = path
    this.#index = index
    this.#bytes = stamp.size
    this.count = count
  }

  record(key: string): RegistryRecord | null {
    return this.#ask(
      () => this.#recordOf(key),
      (lines) => lines.record(key),
    )
  }

  keysAt(address: string): readonly string[] {
    return this.#ask(
      () => this.#keysAt(address),
      (lines) => lines.keysAt(address),
    )
  }

  /** The place of the line with which the key came to stay. */
  rank(key: string): number {
    return this.#ask(
      () => this.#rankOf(key),
      (lines) => lines.rank(key),
    )
  }

  #ask<Answer>(index: () => Answer, whole: (lines: RegistryView) => Answer): Answer {
    if (this.#lines !== null) return whole(this.#lines)
    try {
      return index()
    } catch (error) {
      if (!(error instanceof DamagedIndex)) throw error
      this.#index.discard()
      this.#lines = readLines(this.#path, this.#bytes)
      return whole(this.#lines)
    }
  }

  #recordOf(key: string): RegistryRecord | null {
    const last = this.#linesOf(key).at(-1)
    return last === undefined || last.record.tombstone ? null : last.record
  }

  #keysAt(address: string): readonly string[] {
    const keys = this.#read(addressText(address))
      .filter(({ record }) => record.address === address && !record.tombstone)
      .map(({ record }) => record.key)
    return [...new Set(keys)].filter((key): key is string => key !== null && this.#recordOf(key)?.address === address)
  }

  #rankOf(key: string): number {
    const lines = this.#linesOf(key)
    const removed = lines.findLastIndex(({ record }) => record.tombstone)
    return lines[removed + 1]?.place ?? 0
  }

  #linesOf(key: string): PlacedRecord[] {
    return this.#read(keyText(key)).filter(({ record }) => record.key === key)
  }

  /** The index may have grown meanwhile: this is about what it spoke of at first. */
  #read(text: string): PlacedRecord[] {
    const places = this.#index.places(text).filter((place) => place < this.#bytes)
    if (places.length === 0) return []
    const file = openSync(this.#path, 'r')
    try {
      return places
        .toSorted((left, right) => left - right)
        .map((place) => ({ place, record: readPlaced(readLineAt(file, place)) }))
    } finally {
      closeSync(file)
    }
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
function readLines(path: string, bytes: number): RegistryView {
  const records = new RegistryLayer(emptyRegistry, 0)
  const lines = readFileSync(path).subarray(0, bytes).toString('utf8').split('\n')
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '') records.apply(readNumbered(line, index + 1, path))
  }
  return records
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
