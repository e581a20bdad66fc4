import { isTruthy, typeName } from '../json/describe.ts'
import { parseJson } from '../json/parse.ts'
import { printSpaced } from '../json/print.ts'
import { isInteger, isObject, JsonFloat, type JsonObject, type JsonValue } from '../json/value.ts'
import { AppendFile } from './append-file.ts'

/** What a registry does where the reference would spoil data; all off unless asked for. */
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
  readonly #records = new Map<string, JsonObject>()
  /** Address: the keys of the records that have it. */
  readonly #keysByAddress = new Map<string, Set<string>>()
  /** Why the registry cannot be used; the first broken line. */
  #broken: string | null = null
  #lines = 0
  /** What was behind the last newline when it was last taken for a line. */
  #openLine = ''

  constructor(path: string, repairs: StoreRepairs) {
    this.#repairs = repairs
    this.#file = new AppendFile(path, { restart: () => this.#restart(), line: (text) => this.#takeLine(text) })
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
    const byAddress = this.#keysByAddress.get(index)
    if (byAddress === undefined) return this.#records.get(index) ?? null
    const candidates = new Set(byAddress)
    if (this.#records.has(index)) candidates.add(index)
    if (candidates.size === 1) for (const only of candidates) return this.#records.get(only) ?? null
    for (const [key, record] of this.#records) if (candidates.has(key)) return record
    return null
  }

  append(record: JsonObject): void {
    const mends = this.#repairs.endOpenLines && this.#file.openLine !== ''
    this.#file.append((mends ? '\n' : '') + printSpaced(record))
  }

  #restart(): void {
    this.#records.clear()
    this.#keysByAddress.clear()
    this.#broken = null
    this.#lines = 0
    this.#openLine = ''
  }

  #takeLine(text: string): void {
    this.#lines += 1
    this.#apply(text, this.#lines)
  }

  #apply(text: string, line: number): void {
    if (this.#broken !== null || text.trim() === '') return
    try {
      this.#replay(parseJson(text))
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      this.#broken = `line ${line} of ${this.#file.path} is not a record: ${problem}`
    }
  }

  #replay(record: JsonValue): void {
    if (!isObject(record)) throw new Error(`${typeName(record)} instead of an object`)
    const key = record.get('key') ?? null
    if (key === null) return
    const index = indexKey(key)
    this.#forgetAddress(index)
    if (isTruthy(record.get('tombstone'))) {
      this.#records.delete(index)
      return
    }
    this.#records.set(index, record)
    const address = addressIndex(record)
    if (address === null) return
    const keys = this.#keysByAddress.get(address)
    if (keys === undefined) this.#keysByAddress.set(address, new Set([index]))
    else keys.add(index)
  }

  #forgetAddress(index: string): void {
    const record = this.#records.get(index)
    const address = record === undefined ? null : addressIndex(record)
    if (address === null) return
    const keys = this.#keysByAddress.get(address)
    keys?.delete(index)
    if (keys?.size === 0) this.#keysByAddress.delete(address)
  }
}

function addressIndex(record: JsonObject): string | null {
  const address = record.get('address') ?? null
  return address === null || isObject(address) || Array.isArray(address) ? null : indexKey(address)
}

/** One text for all values that are equal: 1, 1.0 and true are the same key. Lists and objects cannot be keys. */
function indexKey(value: JsonValue): string {
  if (typeof value === 'string') return `text ${value}`
  if (value === null) return 'null'
  if (typeof value === 'boolean') return `number ${value ? 1 : 0}`
  if (isInteger(value)) return `number ${value}`
  if (value instanceof JsonFloat) {
    return `number ${Number.isInteger(value.value) ? BigInt(value.value) : value.value}`
  }
  throw new Error(`${typeName(value)} cannot be a key`)
}
