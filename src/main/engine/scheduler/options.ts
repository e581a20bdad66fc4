import { GuardhouseError } from '../../../shared/errors.ts'
import { type BusOptions, busOptions } from '../bus/bus-options.ts'
import { type StorageOptions, storageOptions } from '../collection/storage-options.ts'
import { guardOptions, type SpikeMode } from '../guard/guard-options.ts'
import { type ThrottleOptions, throttleOptions } from '../throttle/throttle-options.ts'
import { convergenceOptions } from './convergence/convergence-options.ts'
import {
  anyNumber,
  checkOption,
  choice,
  type OptionDefinition,
  type OptionValue,
  onOff,
  wholeNumber,
} from './option-definition.ts'
import { type StrategyName, strategyNames } from './routing.ts'
import { tagOptions } from './tags/tag-options.ts'

export const overflowPolicies = ['wait', 'spill', 'reject'] as const
export type OverflowPolicy = (typeof overflowPolicies)[number]

export interface SchedulerOptions extends StorageOptions, ThrottleOptions, BusOptions {
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
  readonly allocationAuto: boolean
  readonly enableConvergence: boolean
  readonly convergenceIntervalMs: number
  readonly queueWaitThreshold: number
  readonly queueDepthFactor: number
  readonly utilizationHigh: number
  readonly utilizationLow: number
  readonly patternMinimum: number
  readonly patternMaximum: number
  readonly convergenceHold: number
  readonly convergenceCooldownMs: number
  readonly convergenceByHandMs: number
  readonly storageSlow: number
  readonly storageModerate: number
  readonly storageFast: number
  readonly storageInsane: number
  readonly retryTimes: number
  readonly retryDelayMs: number
  readonly retryShortestRunMs: number
  readonly retryLongestRunMs: number
  readonly autoBlockDangerous: boolean
  readonly blockFailureRate: number
  readonly blockMinimumAttempts: number
  readonly blockProbeMs: number
  readonly quickFailureMs: number
  readonly spikeDetection: SpikeMode
  readonly spikeDeviation: number
  readonly spikeMinimumCalls: number
  readonly quarantineMax: number
  readonly recentExecutionsMax: number
}
export type OptionName = keyof SchedulerOptions

/** MiB. */
export const workerHeapRange = { minimum: 16, maximum: 65_536 } as const

/** Every option of the scheduler, with its default and allowed range. A new one is declared here and in the interface above. */
export const optionDefinitions: Readonly<Record<OptionName, OptionDefinition>> = {
  workersPerCore: wholeNumber({
    group: 'Workers',
    live: false,
    summary: 'Worker threads that one core can have at most',
    unit: 'workers',
    default: 4,
    minimum: 1,
    maximum: 16,
  }),
  initialPattern: wholeNumber({
    group: 'Workers',
    live: false,
    summary: 'Workers of a core that routing uses at first; at most workersPerCore',
    unit: 'workers',
    default: 2,
    minimum: 1,
    maximum: 16,
  }),
  workerHeapMiB: wholeNumber({
    group: 'Workers',
    live: true,
    summary: 'Heap of one worker thread; threads are replaced one by one, as soon as they are free',
    unit: 'MiB',
    default: 512,
    ...workerHeapRange,
  }),
  allocationAuto: onOff({
    group: 'Workers',
    live: true,
    summary: 'Whether proposals of the allocation optimizer for workerHeapMiB are applied by themselves',
    default: false,
  }),
  killGraceMs: wholeNumber({
    group: 'Workers',
    live: true,
    summary: 'How long a killed operation may take to stop before its thread is replaced',
    unit: 'ms',
    default: 1000,
    minimum: 0,
    maximum: 600_000,
  }),
  mailboxMax: wholeNumber({
    group: 'Admission',
    live: false,
    summary:
      'Tokens that one worker can have ahead of it; ten times as many, up to 1000, while each runs for less than 10 µs',
    unit: 'tokens',
    default: 100,
    minimum: 1,
    maximum: 4096,
  }),
  waitingMax: wholeNumber({
    group: 'Admission',
    live: true,
    summary: 'Tokens that may wait before further ones are refused as overloaded',
    unit: 'tokens',
    default: 1_000_000,
    minimum: 1,
    maximum: 10_000_000,
  }),
  overflow: choice({
    group: 'Routing',
    live: true,
    summary:
      'What a token does when every core of its weight is full: wait, spill to any core with room, or be rejected',
    default: 'wait',
    choices: overflowPolicies,
  }),
  strategy: choice({
    group: 'Routing',
    live: true,
    summary: 'How a core is chosen: least loaded in staggered order, or by count of placements as the original did',
    default: 'staggered',
    choices: strategyNames,
  }),
  stealing: onOff({
    group: 'Routing',
    live: true,
    summary: 'Whether an idle core takes tokens that wait for other cores',
    default: true,
  }),
  stealBudgetMs: anyNumber({
    group: 'Routing',
    live: true,
    summary: 'Expected run time of tokens that an idle core takes at once from others, at least one token',
    unit: 'ms',
    default: 1,
    minimum: 0,
    maximum: 1000,
  }),
  historyMax: wholeNumber({
    group: 'History',
    live: false,
    summary: 'Finished tokens kept for the table and the inspector',
    unit: 'tokens',
    default: 100_000,
    minimum: 100,
    maximum: 2_000_000,
  }),
  ...convergenceOptions,
  ...tagOptions,
  ...guardOptions,
  ...storageOptions,
  ...throttleOptions,
  ...busOptions,
}

export const optionNames = Object.keys(optionDefinitions) as OptionName[]

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(optionDefinitions, name)
}

/**
 * Fills in defaults and checks every value. Throws `bad-request` that names the option and what it allows.
 */
export function validateOptions(given: Readonly<Record<string, unknown>>): SchedulerOptions {
  for (const name of Object.keys(given)) {
    if (!isOptionName(name)) {
      throw new GuardhouseError('bad-request', `unknown option ${JSON.stringify(name)}`, {
        hint: `Options are ${optionNames.join(', ')}.`,
      })
    }
  }
  const result: Record<string, OptionValue> = {}
  for (const name of optionNames) {
    const definition = optionDefinitions[name]
    result[name] = given[name] === undefined ? definition.default : checkOption(name, definition, given[name])
  }
  return checkTogether(given, result as unknown as SchedulerOptions)
}

/** Rules between options. What nobody gave follows what somebody did. */
function checkTogether(given: Readonly<Record<string, unknown>>, options: SchedulerOptions): SchedulerOptions {
  const { utilizationLow, utilizationHigh, patternMinimum, patternMaximum } = options
  if (utilizationLow >= utilizationHigh) {
    throw new GuardhouseError(
      'bad-request',
      `option utilizationLow is ${utilizationLow}, allowed is less than utilizationHigh, which is ${utilizationHigh}`,
    )
  }
  if (patternMinimum > patternMaximum) {
    throw new GuardhouseError(
      'bad-request',
      `option patternMinimum is ${patternMinimum}, allowed is at most patternMaximum, which is ${patternMaximum}`,
    )
  }
  if (options.initialPattern <= options.workersPerCore) return options
  if (given.initialPattern !== undefined) {
    throw new GuardhouseError(
      'bad-request',
      `option initialPattern is ${options.initialPattern}, allowed is 1 to workersPerCore, which is ${options.workersPerCore}`,
    )
  }
  return { ...options, initialPattern: options.workersPerCore }
}
