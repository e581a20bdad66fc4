import { inspect } from 'node:util'
import type { OptionInfo } from '../../../shared/contract/system.ts'
import { GuardhouseError } from '../../../shared/errors.ts'
import { type StrategyName, strategyNames } from './routing.ts'

export const overflowPolicies = ['wait', 'spill', 'reject'] as const
export type OverflowPolicy = (typeof overflowPolicies)[number]

export interface SchedulerOptions {
  readonly workersPerCore: number
  readonly initialPattern: number
  readonly mailboxMax: number
  readonly waitingMax: number
  readonly overflow: OverflowPolicy
  readonly strategy: StrategyName
  readonly stealing: boolean
  readonly stealBudgetMs: number
  readonly killGraceMs: number
  readonly historyMax: number
  readonly workerHeapMiB: number
}

interface NumberOption {
  readonly kind: 'number'
  readonly summary: string
  readonly unit: string
  readonly default: number
  readonly minimum: number
  readonly maximum: number
  readonly whole: boolean
}
interface ChoiceOption {
  readonly kind: 'choice'
  readonly summary: string
  readonly default: string
  readonly choices: readonly string[]
}
interface SwitchOption {
  readonly kind: 'switch'
  readonly summary: string
  readonly default: boolean
}
type OptionDefinition = NumberOption | ChoiceOption | SwitchOption

function whole(summary: string, unit: string, standard: number, minimum: number, maximum: number): NumberOption {
  return { kind: 'number', summary, unit, default: standard, minimum, maximum, whole: true }
}

/** Every option of the scheduler, with its default and allowed range. */
export const optionDefinitions: Readonly<Record<keyof SchedulerOptions, OptionDefinition>> = {
  workersPerCore: whole('Worker threads that one core can have at most', 'workers', 4, 1, 16),
  initialPattern: whole('Workers of a core that routing uses at first; at most workersPerCore', 'workers', 2, 1, 16),
  mailboxMax: whole('Tokens that one worker can have ahead of it', 'tokens', 100, 1, 4096),
  waitingMax: whole(
    'Tokens that may wait before further ones are refused as overloaded',
    'tokens',
    1_000_000,
    1,
    10_000_000,
  ),
  overflow: {
    kind: 'choice',
    summary:
      'What a token does when every core of its weight is full: wait, spill to any core with room, or be rejected',
    default: 'wait',
    choices: overflowPolicies,
  },
  strategy: {
    kind: 'choice',
    summary: 'How a core is chosen: least loaded in staggered order, or by count of placements as the original did',
    default: 'staggered',
    choices: strategyNames,
  },
  stealing: { kind: 'switch', summary: 'Whether an idle core takes tokens that wait for other cores', default: true },
  stealBudgetMs: {
    kind: 'number',
    summary: 'Expected run time of tokens that an idle core takes at once from others, at least one token',
    unit: 'ms',
    default: 1,
    minimum: 0,
    maximum: 1000,
    whole: false,
  },
  killGraceMs: whole(
    'How long a killed operation may take to stop before its thread is replaced',
    'ms',
    1000,
    0,
    600_000,
  ),
  historyMax: whole('Finished tokens kept for the table and the inspector', 'tokens', 100_000, 100, 2_000_000),
  workerHeapMiB: whole('Heap of one worker thread', 'MiB', 512, 16, 65_536),
}

const names = Object.keys(optionDefinitions) as (keyof SchedulerOptions)[]

/**
 * Fills in defaults and checks every value. Throws `bad-request` that names the option and what it allows.
 */
export function validateOptions(given: Readonly<Record<string, unknown>>): SchedulerOptions {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(optionDefinitions, name)) {
      throw new GuardhouseError('bad-request', `unknown option ${JSON.stringify(name)}`, {
        hint: `Options are ${names.join(', ')}.`,
      })
    }
  }
  const result: Record<string, unknown> = {}
  for (const name of names) {
    const value = given[name] === undefined ? optionDefinitions[name].default : given[name]
    if (!isAllowed(optionDefinitions[name], value)) {
      throw new GuardhouseError(
        'bad-request',
        `option ${name} is ${inspect(value, { depth: 0 })}, allowed is ${allowedText(optionDefinitions[name])}`,
      )
    }
    result[name] = value
  }
  const options = result as unknown as SchedulerOptions
  if (options.initialPattern <= options.workersPerCore) return options
  if (given.initialPattern !== undefined) {
    throw new GuardhouseError(
      'bad-request',
      `option initialPattern is ${options.initialPattern}, allowed is 1 to workersPerCore, which is ${options.workersPerCore}`,
    )
  }
  return { ...options, initialPattern: options.workersPerCore }
}

/** Every option with its value and range, for people. */
export function describeOptions(options: SchedulerOptions): OptionInfo[] {
  return names.map((name) => {
    const definition = optionDefinitions[name]
    return {
      name,
      summary: definition.summary,
      unit: definition.kind === 'number' ? definition.unit : '',
      value: options[name],
      default: definition.default,
      allowed: allowedText(definition),
      live: false,
    }
  })
}

function isAllowed(definition: OptionDefinition, value: unknown): boolean {
  if (definition.kind === 'switch') return typeof value === 'boolean'
  if (definition.kind === 'choice') return typeof value === 'string' && definition.choices.includes(value)
  return (
    typeof value === 'number' &&
    value >= definition.minimum &&
    value <= definition.maximum &&
    (!definition.whole || Number.isInteger(value))
  )
}

function allowedText(definition: OptionDefinition): string {
  if (definition.kind === 'switch') return 'true or false'
  if (definition.kind === 'choice')
    return `${definition.choices.slice(0, -1).join(', ')} or ${definition.choices.at(-1)}`
  return `${definition.whole ? 'a whole number from ' : ''}${definition.minimum} to ${definition.maximum}`
}
