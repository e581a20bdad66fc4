/** What one core did since the last look, all of it measured. */
export interface CoreInputs {
  /** Busy time of its workers over what the active ones could have worked, percent; at most 100. */
  readonly utilization: number
  /** The same as a number of workers that were busy on average. */
  readonly busyWorkers: number
  /** Seconds that tokens waited before they ran, nearest rank; null when none began. */
  readonly waitP95: number | null
  /** Tokens in its mailboxes behind those that run. */
  readonly depth: number
  /** Accumulated swing of run times (mean less shortest), seconds: the original's ASI. Recorded, never decides. */
  readonly asi: number
  /** Change of the swing per second since the last look. Recorded, never decides. */
  readonly asiTrend: number
  /** Tokens that ended here. */
  readonly ended: number
}

export interface Thresholds {
  readonly queueWaitThreshold: number
  readonly depthLimit: number
  readonly utilizationHigh: number
  readonly utilizationLow: number
  /** Fewest and most workers that routing may use of a core. */
  readonly minimum: number
  readonly maximum: number
  /** Looks in a row that must agree before anything is changed. */
  readonly hold: number
  /** Microseconds after a change before the next one. */
  readonly cooldown: number
}

/** In the order in which they are asked; the first that holds and may act decides. Numbers 1 to 7 of the original, section 6.3. */
export const ruleNames = [
  'bounds',
  'wait',
  'depth',
  'busy',
  'swing-rising',
  'idle',
  'swing-falling',
  'balanced',
] as const
export type RuleName = (typeof ruleNames)[number]
export type Direction = 'up' | 'down' | 'stay'

export interface RuleVerdict {
  readonly rule: RuleName
  readonly holds: boolean
  /** False for what is recorded only. */
  readonly acts: boolean
  readonly wants: Direction
  /** The condition with the numbers that were compared. */
  readonly condition: string
  /** The pattern it would lead to, were it the one that decides and nothing held it back. */
  readonly would: number
}

/** Asks every rule. Pure. */
export function askRules(pattern: number, inputs: CoreInputs, limits: Thresholds): RuleVerdict[] {
  const { utilization, waitP95, depth, asiTrend } = inputs
  const { minimum, maximum } = limits
  const outside: Direction = pattern < minimum ? 'up' : pattern > maximum ? 'down' : 'stay'
  const verdict = (rule: RuleName, holds: boolean, wants: Direction, condition: string, acts = true): RuleVerdict => ({
    rule,
    holds,
    acts,
    wants,
    condition,
    would: holds ? step(pattern, wants, minimum, maximum) : pattern,
  })
  // A tenth of a per cent is as fine as anybody sets a threshold.
  const use = `${Math.round(utilization * 10) / 10} % busy`
  return [
    verdict('bounds', outside !== 'stay', outside, `pattern ${pattern} is outside of ${minimum} to ${maximum}`),
    verdict(
      'wait',
      waitP95 !== null && waitP95 > limits.queueWaitThreshold,
      'up',
      `wait p95 ${waitP95 === null ? 'unknown' : `${round(waitP95)} s`} > ${limits.queueWaitThreshold} s`,
    ),
    verdict('depth', depth > limits.depthLimit, 'up', `depth ${depth} > ${round(limits.depthLimit)}`),
    verdict(
      'busy',
      utilization > limits.utilizationHigh && depth > 0,
      'up',
      `${use} > ${limits.utilizationHigh} % and depth ${depth} > 0`,
    ),
    verdict(
      'swing-rising',
      asiTrend > 0 && utilization > limits.utilizationLow,
      'up',
      `swing ${round(asiTrend)} s/s > 0 and ${use} > ${limits.utilizationLow} %`,
      false,
    ),
    verdict(
      'idle',
      utilization < limits.utilizationLow && depth === 0,
      'down',
      `${use} < ${limits.utilizationLow} % and depth ${depth} = 0`,
    ),
    verdict(
      'swing-falling',
      asiTrend < 0 && utilization < limits.utilizationHigh,
      'down',
      `swing ${round(asiTrend)} s/s < 0 and ${use} < ${limits.utilizationHigh} %`,
      false,
    ),
    verdict('balanced', true, 'stay', 'no other rule holds'),
  ]
}

/** One step at a time, never beyond the bounds; from outside of them towards them. */
export function step(pattern: number, wants: Direction, minimum: number, maximum: number): number {
  if (wants === 'up') return pattern < maximum ? pattern + 1 : pattern
  if (wants === 'down') return pattern > minimum ? pattern - 1 : pattern
  return pattern
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
