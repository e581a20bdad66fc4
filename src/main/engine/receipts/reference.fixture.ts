import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { parseJson } from '../json/parse.ts'
import type { JsonObject } from '../json/value.ts'
import { asArray, asObject, referenceFolder } from '../workflow/reference.fixture.ts'

/** Recorded results of the original tuple space, beside those of the workflow engine. They are not part of the project. */
export const tupleReferenceFolder = join(referenceFolder, '..', 'tuple-space')

/** A group of tests that needs the reference's data: skipped, by its name, where the folder is absent. */
export function describeWithTupleReference(name: string, body: () => void): void {
  const present = existsSync(tupleReferenceFolder)
  describe(name, () => (present ? body() : it.skipIf(!present)(`needs the reference data in ${tupleReferenceFolder}`)))
}

/** The list under `key` of one of its files. */
export function readTupleReference(file: string, key: string): readonly JsonObject[] {
  const table = asObject(parseJson(readFileSync(join(tupleReferenceFolder, file), 'utf8')))
  return asArray(table.get(key)).map(asObject)
}
