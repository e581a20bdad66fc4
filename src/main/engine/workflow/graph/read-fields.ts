import type { Entry, SourceDocument } from './source-document.ts'
import { suggestion } from './suggestion.ts'

/** The known fields of a mapping by name; a problem, with what was probably meant, for each unknown one. */
export function readFields<Name extends string>(
  source: SourceDocument,
  entries: readonly Entry[] | null,
  known: readonly Name[],
  what: string,
): ReadonlyMap<Name, Entry> | null {
  if (entries === null) return null
  const fields = new Map<Name, Entry>()
  for (const entry of entries) {
    const name = known.find((each) => each === entry.name)
    if (name !== undefined) fields.set(name, entry)
    else {
      source.problem(entry.key, `${what} has no field "${entry.name}"`, suggestion(entry.name, known))
    }
  }
  return fields
}
