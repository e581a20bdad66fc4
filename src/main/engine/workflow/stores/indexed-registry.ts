import { closeSync, openSync, readSync } from 'node:fs'
import { newline } from './append-file.ts'
import { type RegistryRecord, readRecord } from './registry-record.ts'
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

/** The part of a registry that its index knows. What the index says is always proved by the lines themselves. */
export class IndexedRegistry implements RegistryView {
  readonly #path: string
  readonly #index: StoreIndex
  readonly count: number

  constructor(path: string, index: StoreIndex, count: number) {
    this.#path = path
    this.#index = index
    this.count = count
  }

  record(key: string): RegistryRecord | null {
    const last = this.#linesOf(key).at(-1)
    return last === undefined || last.record.tombstone ? null : last.record
  }

  keysAt(address: string): readonly string[] {
    const keys = this.#read(this.#index.places(addressText(address)))
      .filter(({ record }) => record.address === address && !record.tombstone)
      .map(({ record }) => record.key)
    return [...new Set(keys)].filter((key): key is string => key !== null && this.record(key)?.address === address)
  }

  /** The place of the line with which the key came to stay. */
  rank(key: string): number {
    const lines = this.#linesOf(key)
    const removed = lines.findLastIndex(({ record }) => record.tombstone)
    return lines[removed + 1]?.place ?? 0
  }

  #linesOf(key: string): PlacedRecord[] {
    return this.#read(this.#index.places(keyText(key))).filter(({ record }) => record.key === key)
  }

  #read(places: readonly number[]): PlacedRecord[] {
    if (places.length === 0) return []
    const file = openSync(this.#path, 'r')
    try {
      return places
        .toSorted((left, right) => left - right)
        .map((place) => ({ place, record: readRecord(readLineAt(file, place)) }))
    } finally {
      closeSync(file)
    }
  }
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
