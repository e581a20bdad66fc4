import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { assert } from '../../../shared/assert.ts'
import { parseJson } from '../json/parse.ts'
import { isArray, isObject, type JsonArray, type JsonObject, type JsonValue } from '../json/value.ts'
import { referenceFolder } from './reference-folder.fixture.ts'

export { referenceFolder }

/** A group of tests that needs the reference's data: skipped, by its name, where the folder is absent. */
export function describeWithReference(name: string, body: () => void): void {
  const present = existsSync(referenceFolder)
  // The body is left out then: it reads its cases from the folder.
  describe(name, () => (present ? body() : it.skipIf(!present)(`needs the reference data in ${referenceFolder}`)))
}

export function readReference(...path: readonly string[]): JsonValue {
  return parseJson(readFileSync(join(referenceFolder, ...path), 'utf8'))
}

/** The `note` and `cases` of one of the tables. */
export function readReferenceTable(...path: readonly string[]): { note: JsonObject; cases: readonly JsonObject[] } {
  const table = asObject(readReference(...path))
  return { note: asObject(table.get('note') ?? null), cases: asArray(table.get('cases') ?? null).map(asObject) }
}

export function asObject(value: JsonValue | undefined): JsonObject {
  assert(isObject(value), 'the reference data has an object here')
  return value
}

export function asArray(value: JsonValue | undefined): JsonArray {
  assert(isArray(value), 'the reference data has a list here')
  return value
}

export function asText(value: JsonValue | undefined): string {
  assert(typeof value === 'string', 'the reference data has a text here')
  return value
}
