type Fields = Readonly<Record<string, unknown>>

/** Reads a JSON object; null for anything else. */
export function parseFields(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    // Being typed.
    return null
  }
}

/** What a person typed to find tuples: the name of a lane, or a template. Null: a template that is no JSON object. */
export function templateOf(text: string): Record<string, unknown> | null {
  const wanted = text.trim()
  if (wanted === '') return {}
  return wanted.startsWith('{') ? parseFields(wanted) : { lane: wanted }
}

/** Longest text of a tuple in a row. */
const shownCharacters = 300

/** What a tuple carries beside what every tuple has. */
export function dataOf({ id, created_at, lane, yool, ...rest }: Fields): string {
  return JSON.stringify(rest).slice(0, shownCharacters)
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
