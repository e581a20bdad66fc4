import { isTruthy, typeName } from '../../json/describe.ts'
import { parseJson } from '../../json/parse.ts'
import { isArray, isInteger, isObject, JsonFloat, type JsonObject, type JsonValue } from '../../json/value.ts'

/** One line of a registry, as far as its index needs it; the whole record is only parsed when somebody asks for it. */
export interface RegistryRecord {
  /** Null: the line has no key and means nothing. */
  readonly key: string | null
  /** Null: nobody can find the record by an address. */
  readonly address: string | null
  readonly tombstone: boolean
  content(): JsonObject
}

/** Reads one line. Throws when it is no record. */
export function readRecord(line: string): RegistryRecord {
  return readPlainRecord(line) ?? readAnyRecord(line)
}

/** As `readRecord`; what it throws names the line. */
export function readNumbered(text: string, line: number, path: string): RegistryRecord {
  try {
    return readRecord(text)
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new Error(`line ${line} of ${path} is not a record: ${problem}`, { cause: error })
  }
}

/**
 * One text for all values that are equal: 1, 1.0 and true are the same key. Throws for lists and objects, which cannot
 * be keys.
 */
export function indexKey(value: JsonValue): string {
  if (typeof value === 'string') return `text ${value}`
  if (value === null) return 'null'
  if (typeof value === 'boolean') return `number ${value ? 1 : 0}`
  if (isInteger(value)) return `number ${value}`
  if (value instanceof JsonFloat) {
    return `number ${Number.isInteger(value.value) ? BigInt(value.value) : value.value}`
  }
  throw new Error(`${typeName(value)} cannot be a key`)
}

/**
 * Nearly every line has texts for key and address. The built-in parser, several times faster than ours, is enough to
 * index those: what it would spoil is not looked at. Null: a line for the careful way.
 */
function readPlainRecord(line: string): RegistryRecord | null {
  const plain = parsePlainly(line)
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) return null
  const { key, address, tombstone } = plain as Readonly<Record<string, unknown>>
  const usual = typeof key === 'string' && typeof address === 'string'
  if (!usual || (tombstone !== undefined && tombstone !== true)) return null
  return {
    key: indexKey(key),
    address: indexKey(address),
    tombstone: tombstone === true,
    content: () => requireObject(parseJson(line)),
  }
}

/** Undefined where the built-in parser says no: ours takes NaN and has the better words for what is wrong. */
function parsePlainly(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function readAnyRecord(line: string): RegistryRecord {
  const record = requireObject(parseJson(line))
  const key = record.get('key') ?? null
  const address = record.get('address') ?? null
  return {
    key: key === null ? null : indexKey(key),
    address: address === null || isObject(address) || isArray(address) ? null : indexKey(address),
    tombstone: isTruthy(record.get('tombstone')),
    content: () => record,
  }
}

function requireObject(value: JsonValue): JsonObject {
  if (isObject(value)) return value
  throw new Error(`${typeName(value)} instead of an object`)
}
