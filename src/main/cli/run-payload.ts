import { readFileSync } from 'node:fs'
import { GuardhouseError } from '../../shared/errors.ts'
import { typeName } from '../engine/json/describe.ts'
import { parseJson, textOfBytes } from '../engine/json/parse.ts'
import { emptyObject, isObject, type JsonValue } from '../engine/json/value.ts'

/**
 * What a run is given: the JSON of a file, an empty object without one. Throws a GuardhouseError in the reference's words,
 * whose hint names the file where they do not.
 */
export function readRunPayload(path: string | undefined): JsonValue {
  if (!path) return emptyObject
  const bytes = readBytes(path)
  try {
    return parseJson(textOfBytes(bytes))
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new GuardhouseError('bad-request', `Payload file is not valid JSON: ${problem}`, {
      hint: `look into ${path}`,
    })
  }
}

/** What to look at when a run with this payload does not begin: null for an object, which is what it should be. */
export function hintAbout(payload: JsonValue, path: string | undefined): string | null {
  if (isObject(payload) || path === undefined) return null
  return `the payload in ${path} has to be an object, not ${typeName(payload)}`
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new GuardhouseError('not-found', `Payload file not found: ${path}`)
    }
    const reason = error instanceof Error ? error.message : String(error)
    throw new GuardhouseError('bad-request', `Payload file cannot be read: ${path} (${reason})`)
  }
}
