import { printSpaced } from '../../json/print.ts'
import type { JsonObject, JsonValue } from '../../json/value.ts'
import { AddressIndex } from './address-index.ts'
import { AppendFile } from './append-file.ts'
import { indexKey, type RegistryRecord, readRecord } from './registry-record.ts'

/** What a store does where the reference would spoil data; all off unless asked for. */
export interface StoreRepairs {
  /** End an open last line before a record is added, instead of gluing the record to it. */
  readonly endOpenLines: boolean
}

/** Records under unique keys, kept as lines of a file; the last line of a key wins, a tombstone removes it. */
export interface RegistryStore {
  /** Reads what is new. Throws when a line is no record: nothing can be told about such a registry. */
  refresh(): void
  has(key: JsonValue): boolean
  /** The first record, in the order of the keys, that has this key or this address. */
  find(keyOrAddress: JsonValue): JsonObject | null
  readonly count: number
  append(record: JsonObject): void
}

/** A registry in a file, with its index kept as long as the store is. */
export class RegistryFile implements RegistryStore {
  readonly #file: AppendFile
  readonly #repairs: StoreRepairs
  readonly #records = new Map<string, RegistryRecord>()
  readonly #addresses = new AddressIndex()
  /** Why the registry cannot be used; the first broken line. */
  #broken: string | null = null
  #lines = 0
  /** What was behind the last newline when it was last taken for a line. */
  #openLine = ''

  constructor(path: string, repairs: StoreRepairs) {
    this.#repairs = repairs
    this.#file = new AppendFile(path, {
      restart: () => this.#restart(),
      lines: (bytes) => this.#takeLines(bytes),
    })
  }

  get count(): number {
    return this.#records.size
  }

  refresh(): void {
    this.#file.refresh()
    const openLine = this.#file.openLine
    // An open last line counts as a line; once it is ended it comes again, and says the same.
    if (openLine !== this.#openLine && openLine !== '') this.#apply(openLine, this.#lines + 1)
    this.#openLine = openLine
    if (this.#broken !== null) throw new Error(this.#broken)
  }

  has(key: JsonValue): boolean {
    return this.#records.has(indexKey(key))
  }

  find(keyOrAddress: JsonValue): JsonObject | null {
    const index = indexKey(keyOrAddress)
    const candidates = new Set(this.#addresses.keysOf(index))
    if (this.#records.has(index)) candidates.add(index)
    const [first] = candidates
    if (first === undefined) return null
    if (candidates.size === 1) return this.#records.get(first)?.content() ?? null
    for (const [key, record] of this.#records) if (candidates.has(key)) return record.content()
    return null
  }

  append(record: JsonObject): void {
    const mends = this.#repairs.endOpenLines && this.#file.openLine !== ''
    this.#file.append((mends ? '\n' : '') + printSpaced(record))
  }

  #restart(): void {
    this.#records.clear()
    this.#addresses.clear()
    this.#broken = null
    this.#lines = 0
    this.#openLine = ''
  }

  #takeLines(bytes: Buffer): void {
    const lines = bytes.toString('utf8').split('\n')
    // Behind the last newline there is nothing.
    lines.pop()
    for (const line of lines) {
      this.#lines += 1
      this.#apply(line, this.#lines)
    }
  }

  #apply(text: string, line: number): void {
    if (this.#broken !== null || text.trim() === '') return
    try {
      this.#replay(readRecord(text))
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      this.#broken = `line ${line} of ${this.#file.path} is not a record: ${problem}`
    }
  }

  #replay(record: RegistryRecord): void {
    const { key, address, tombstone } = record
    if (key === null) return
    const replaced = this.#records.get(key)?.address ?? null
    if (replaced !== null) this.#addresses.remove(replaced, key)
    if (tombstone) {
      this.#records.delete(key)
      return
    }
    this.#records.set(key, record)
    if (address !== null) this.#addresses.add(address, key)
  }
}
