import { nearestName } from '../../../../shared/nearest-name.ts'

/** What somebody who wrote `name` may have meant, as a sentence. */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...known]
  const meant = nearestName(name, names)
  if (meant !== null) return `Did you mean ${meant}?`
  if (names.length === 0) return 'There is none.'
  return `There is ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}.`
}
