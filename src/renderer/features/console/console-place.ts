/** What a link to the console can say: lines of one token or of one operation. */
export interface ConsolePlace {
  readonly token?: string
  readonly operation?: string
}

/** Reads the parts of the route after `console`; what cannot be read is left out. */
export function parseConsolePlace(path: readonly string[]): ConsolePlace {
  const [kind, value] = path
  if (value === undefined) return {}
  if (kind === 'token') return { token: value }
  return kind === 'operation' ? { operation: value } : {}
}
