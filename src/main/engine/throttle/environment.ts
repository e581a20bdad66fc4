/** Settings of the original that come by environment variables. Of two names the first that is not blank decides. */

type Environment = Readonly<Record<string, string | undefined>>

// What the original's language takes for an integer: blanks around it, a sign, leading zeros, digits grouped by underscores.
const integerPattern = /^\s*[+-]?\d+(?:_\d+)*\s*$/

const quotaNames = ['YOOL_TUPLE_CPU_QUOTA_PCT', 'YOOL_CPU_QUOTA_PCT']

/** Percent of one CPU, 1 to 100; 95 when nothing sensible is set. */
export function cpuQuotaFrom(environment: Environment): number {
  return Math.min(100, positiveFrom(environment, quotaNames, 95))
}

/** The quota as an option of the scheduler; nothing when no variable asks for one. */
export function quotaOptionFrom(environment: Environment): { readonly cpuQuotaPct?: number } {
  return firstSet(environment, quotaNames) === null ? {} : { cpuQuotaPct: cpuQuotaFrom(environment) }
}

export function laneConcurrencyFrom(environment: Environment): number {
  return positiveFrom(environment, ['YOOL_TUPLE_LANE_CONCURRENCY', 'YOOL_LANE_CONCURRENCY'], 32)
}

export function maxLaneConcurrencyFrom(environment: Environment): number {
  return positiveFrom(environment, ['YOOL_TUPLE_MAX_LANE_CONCURRENCY', 'YOOL_MAX_LANE_CONCURRENCY'], 64)
}

/** A wrong value, 0 or less in the first name that is set gives the default at once: the next name is not tried. */
export function positiveFrom(environment: Environment, names: readonly string[], standard: number): number {
  const text = firstSet(environment, names)
  if (text === null || !integerPattern.test(text)) return standard
  const value = Number(text.trim().replaceAll('_', ''))
  return value > 0 ? value : standard
}

/** The first of the variables that is not blank. */
export function firstSet(environment: Environment, names: readonly string[]): string | null {
  for (const name of names) {
    const text = environment[name]
    if (text !== undefined && text.trim() !== '') return text
  }
  return null
}
