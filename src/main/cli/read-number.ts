import { GuardhouseError } from '../../shared/errors.ts'

/** The number that an option was given, undefined when it was not. Throws `bad-request` that names the option and its range. */
export function readNumber(
  name: string,
  text: string | undefined,
  range: { readonly least: number; readonly most: number; readonly whole?: boolean },
): number | undefined {
  if (text === undefined) return undefined
  const { least, most, whole = true } = range
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value
  const kind = whole ? 'a whole number' : 'a number'
  throw new GuardhouseError('bad-request', `--${name} must be ${kind} from ${least} to ${most}, not "${text}"`)
}
