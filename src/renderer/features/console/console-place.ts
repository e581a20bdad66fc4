/** What a link to the console can say: lines of one token, of one operation, of one core or of one worker. */
export interface ConsolePlace {
  readonly token?: string
  readonly operation?: string
  readonly core?: number
  /** Only with a core. */
  readonly slot?: number
}

/** Reads the parts of the route after `console`; what cannot be read is left out. */
export function parseConsolePlace(path: readonly string[]): ConsolePlace {
  const [kind, value, part] = path
  if (value === undefined) return {}
  if (kind === 'token') return { token: value }
  if (kind === 'operation') return { operation: value }
  const core = wholeNumber(value, 1)
  if (kind !== 'core' || core === null) return {}
  const slot = wholeNumber(part, 0)
  return slot === null ? { core } : { core, slot }
}

/** Route to the lines of a core, or of one of its workers. */
export function workerLinesPath(core: number | null, slot: number | null): readonly string[] {
  if (core === null) return ['console']
  return ['console', 'core', String(core), ...(slot === null ? [] : [String(slot)])]
}

function wholeNumber(text: string | undefined, least: number): number | null {
  const value = Number(text)
  return text !== undefined && text !== '' && Number.isInteger(value) && value >= least ? value : null
}
