import { GuardhouseError } from '../../../../shared/errors.ts'
import { describeValue, typeName } from '../../json/describe.ts'
import { readHexInteger, readInteger } from '../../json/integer-text.ts'
import {
  emptyObject,
  isArray,
  isInteger,
  isObject,
  type JsonArray,
  JsonFloat,
  type JsonObject,
  type JsonValue,
} from '../../json/value.ts'
import { rebuildHint } from './snapshot-files.ts'

/** Reads typed parts out of one snapshot file; every error names the file and the place inside it. */
export class TableReader {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** An object; absent and null count as an empty one. */
  object(value: JsonValue | undefined, place: string): JsonObject {
    if (value === undefined || value === null) return emptyObject
    if (isObject(value)) return value
    throw this.#wrongType(value, 'an object', place)
  }

  /** A list; absent and null count as an empty one. */
  list(value: JsonValue | undefined, place: string): JsonArray {
    if (value === undefined || value === null) return []
    if (isArray(value)) return value
    throw this.#wrongType(value, 'a list', place)
  }

  /** An address: an integer, or its text in decimal. */
  address(value: JsonValue | undefined, place: string): number {
    if (typeof value === 'number') return value
    if (typeof value === 'string') return this.#small(readInteger(value), value, 10, place)
    if (value instanceof JsonFloat && Number.isFinite(value.value)) return Math.trunc(value.value)
    throw this.#wrongType(value ?? null, 'an address', place)
  }

  /** An address written in hexadecimal, with or without `0x`. */
  hexAddress(text: JsonValue, place: string): number {
    if (typeof text !== 'string') throw this.#wrongType(text, 'a hexadecimal address', place)
    return this.#small(readHexInteger(text), text, 16, place)
  }

  text(value: JsonValue, place: string): string {
    if (typeof value === 'string') return value
    throw this.#wrongType(value, 'a text', place)
  }

  problem(message: string): GuardhouseError {
    return new GuardhouseError('bad-request', `${message} in ${this.#path}`, { hint: rebuildHint })
  }

  #small(read: number | bigint | null, text: string, base: number, place: string): number {
    if (isInteger(read ?? undefined) && typeof read === 'number') return read
    throw new GuardhouseError('bad-request', `invalid literal for int() with base ${base}: ${describeValue(text)}`, {
      hint: `${place} of ${this.#path} has to be an address; ${rebuildHint}`,
    })
  }

  #wrongType(value: JsonValue, wanted: string, place: string): GuardhouseError {
    return this.problem(`${place} has to be ${wanted}, not ${typeName(value)},`)
  }
}
