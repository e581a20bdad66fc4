import { GuardhouseError } from '../../shared/errors.ts'
import { nearestName } from '../../shared/nearest-name.ts'

/** Readers of single values, for options of any kind: each returns the value as it is kept, or throws what is wrong with it. */

/** Reads one value; throws with the full name of the option and the allowed range when it does not fit. */
export type OptionReader = (value: unknown, name: string) => unknown

/** Longest timeout, milliseconds: one day. */
export const longestTimeout = 86_400_000
/** Longest name, characters. */
export const longestName = 256

/** One of `known`, in any case. */
export function choiceReader(known: readonly string[]): OptionReader {
  return (value, name) => {
    const found = known.find((each) => typeof value === 'string' && value.toLowerCase() === each.toLowerCase())
    if (found !== undefined) return found
    const nearest = typeof value === 'string' ? nearestName(value, known) : null
    throw badOption(`${name} must be one of ${known.join(', ')}, not ${shown(value)}`, didYouMean(nearest))
  }
}

export function readMilliseconds(value: unknown, name: string): number {
  if (typeof value === 'number' && value > 0 && value <= longestTimeout) return value
  throw badOption(
    `${name} must be a number of milliseconds above 0 and at most ${longestTimeout}, not ${shown(value)}`,
    'Leave it out for no limit.',
  )
}

export function numberReader(minimum: number, maximum: number, unit: string, whole = false): OptionReader {
  return (value, name) => {
    const fits =
      typeof value === 'number' && value >= minimum && value <= maximum && (!whole || Number.isInteger(value))
    if (fits) return value
    const what = whole ? 'a whole number' : 'a number'
    throw badOption(`${name} must be ${what}${unit} from ${minimum} to ${maximum}, not ${shown(value)}`)
  }
}

/** true or false; the original wrote them as text. */
export function readSwitch(value: unknown, name: string): boolean {
  const text = typeof value === 'string' ? value.toLowerCase() : value
  if (text === true || text === 'true') return true
  if (text === false || text === 'false') return false
  throw badOption(`${name} must be true or false, not ${shown(value)}`)
}

export function readName(value: unknown, name: string): string {
  if (isName(value)) return value
  throw badOption(`${name} must be a text of 1 to ${longestName} characters, not ${shown(value)}`)
}

export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longestName
}

export function readRecord(value: unknown, where: string, example: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw badOption(`${where}: expected an object, got ${shown(value)}`, `Write ${example}.`)
}

/** Reads what is there of `readers`; the rest must have been refused before. */
export function readAll<Options extends object>(
  given: Record<string, unknown>,
  readers: Readonly<Record<keyof Options & string, OptionReader>>,
  where: string,
): Options {
  const result: Record<string, unknown> = {}
  for (const [name, read] of Object.entries<OptionReader>(readers)) {
    if (given[name] !== undefined) result[name] = read(given[name], `${where}: ${name}`)
  }
  return result as Options
}

export function refuseUnknown(
  given: Record<string, unknown>,
  known: readonly string[],
  where: string,
  what: 'option' | 'tag' | 'setting',
): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw badOption(
    `${where}: there is no ${what} '${unknown}'; there is ${known.join(', ')}`,
    didYouMean(nearestName(unknown, known)),
  )
}

export function badOption(message: string, hint?: string): GuardhouseError {
  return new GuardhouseError('bad-request', message, { hint })
}

function didYouMean(nearest: string | null): string | undefined {
  return nearest === null ? undefined : `Did you mean '${nearest}'?`
}

/** A value as it stands in a message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
