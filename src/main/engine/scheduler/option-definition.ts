import { inspect } from 'node:util'
import { GuardhouseError } from '../../../shared/errors.ts'

export type OptionValue = number | string | boolean

interface AnyOption {
  /** Under which heading people find it. */
  readonly group: string
  /** One sentence for people. */
  readonly summary: string
  /** True when a change takes effect while the scheduler runs; else at the next start. */
  readonly live: boolean
}
export interface NumberOption extends AnyOption {
  readonly kind: 'number'
  readonly unit: string
  readonly default: number
  readonly minimum: number
  readonly maximum: number
  readonly whole: boolean
}
export interface ChoiceOption extends AnyOption {
  readonly kind: 'choice'
  readonly default: string
  readonly choices: readonly string[]
}
export interface SwitchOption extends AnyOption {
  readonly kind: 'switch'
  readonly default: boolean
}
export type OptionDefinition = NumberOption | ChoiceOption | SwitchOption

type Given<Definition> = Omit<Definition, 'kind' | 'whole'>

export function wholeNumber(given: Given<NumberOption>): NumberOption {
  return { kind: 'number', whole: true, ...given }
}

export function anyNumber(given: Given<NumberOption>): NumberOption {
  return { kind: 'number', whole: false, ...given }
}

export function choice(given: Given<ChoiceOption>): ChoiceOption {
  return { kind: 'choice', ...given }
}

export function onOff(given: Given<SwitchOption>): SwitchOption {
  return { kind: 'switch', ...given }
}

/** Throws `bad-request` that names the option and what it allows. */
export function checkOption(name: string, definition: OptionDefinition, value: unknown): OptionValue {
  if (isAllowed(definition, value)) return value
  throw new GuardhouseError(
    'bad-request',
    `option ${name} is ${inspect(value, { depth: 0 })}, allowed is ${allowedText(definition)}`,
  )
}

function isAllowed(definition: OptionDefinition, value: unknown): value is OptionValue {
  if (definition.kind === 'switch') return typeof value === 'boolean'
  if (definition.kind === 'choice') return typeof value === 'string' && definition.choices.includes(value)
  return (
    typeof value === 'number' &&
    value >= definition.minimum &&
    value <= definition.maximum &&
    (!definition.whole || Number.isInteger(value))
  )
}

/** What an option allows, in words: `a whole number from 1 to 8`. */
export function allowedText(definition: OptionDefinition): string {
  if (definition.kind === 'switch') return 'true (on) or false (off)'
  if (definition.kind === 'choice')
    return `${definition.choices.slice(0, -1).join(', ')} or ${definition.choices.at(-1)}`
  return `${definition.whole ? 'a whole number from ' : ''}${definition.minimum} to ${definition.maximum}`
}
