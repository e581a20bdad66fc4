import { GuardhouseError } from '../../../shared/errors.ts'
import { printCanonicalUnicode } from '../json/print.ts'
import { isArray, JsonFloat, type JsonValue } from '../json/value.ts'

/**
 * The text that is hashed: keys by code point, no blanks, raw Unicode, only what JSON demands escaped, integers exact, floats
 * with their shortest digits and always a fraction or an exponent. Source: tuple space, canonical JSON rules 1 to 6.
 * Throws `bad-request`, with the place of the value, for what JSON or UTF-8 cannot say: NaN, infinities, unpaired surrogates.
 */
export function canonicalJson(value: JsonValue): string {
  refuseUnsayable(value, [])
  return printCanonicalUnicode(value)
}

function refuseUnsayable(value: JsonValue, path: (string | number)[]): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw unsayable('a text with an unpaired surrogate', path)
  } else if (value instanceof JsonFloat) {
    if (!Number.isFinite(value.value)) throw unsayable(`the number ${value.value}`, path)
  } else if (isArray(value)) {
    for (const [index, item] of value.entries()) below(item, index, path)
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      if (!key.isWellFormed()) throw unsayable('a key with an unpaired surrogate', path)
      below(item, key, path)
    }
  }
}

function below(item: JsonValue, step: string | number, path: (string | number)[]): void {
  path.push(step)
  refuseUnsayable(item, path)
  path.pop()
}

function unsayable(what: string, path: readonly (string | number)[]): GuardhouseError {
  const place = path.length === 0 ? '' : ` at ${path.join('.').toWellFormed()}`
  return new GuardhouseError('bad-request', `there is ${what}${place}, which canonical JSON cannot hold`, {
    hint: 'Replace it by a text or by null before it is hashed.',
  })
}
