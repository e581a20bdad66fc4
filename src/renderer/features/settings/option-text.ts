import type { OptionInfo } from '../../../shared/contract/options.ts'
import { formatCount } from '../../ui/format.ts'

/** What the option is from the next start on. */
export function plannedValue(option: OptionInfo): OptionInfo['value'] {
  return option.pending ?? option.value
}

export function optionText(value: OptionInfo['value'], unit: string): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  const text = typeof value === 'number' && Number.isInteger(value) ? formatCount(value) : String(value)
  return unit === '' ? text : `${text} ${unit}`
}

/** What is allowed, with the thousands of its numbers apart as everywhere else. */
export function allowedText(allowed: string): string {
  return allowed.replace(/\d{4,}/g, (digits) => formatCount(Number(digits)))
}

/** What was typed; spaces and commas between thousands do not count. NaN when it is no number. */
export function readOption(text: string): number {
  const digits = text.replace(/[\s,\u202f]/g, '')
  return digits === '' ? Number.NaN : Number(digits)
}

/** What is wrong with a number, in one sentence; null when nothing is. */
export function optionProblem({ range, allowed }: OptionInfo, value: number): string | null {
  if (range === null) return null
  const fits = value >= range.minimum && value <= range.maximum && (!range.whole || Number.isInteger(value))
  return fits ? null : `Allowed is ${allowedText(allowed)}.`
}

/** The groups in the order in which the host names them. */
export function groupOptions(options: readonly OptionInfo[]): ReadonlyMap<string, readonly OptionInfo[]> {
  return Map.groupBy(options, (option) => option.group)
}
