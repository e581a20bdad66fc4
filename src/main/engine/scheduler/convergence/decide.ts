import { assertDefined } from '../../../../shared/assert.ts'
import { askRules, type CoreInputs, type Direction, type RuleName, type RuleVerdict, type Thresholds } from './rules.ts'

/** Why a rule that wants a change does not get it. */
export const holdReasons = ['at-bound', 'not-yet', 'cooldown', 'by-hand', 'would-not-fit', 'known-pressure'] as const
export type HoldReason = (typeof holdReasons)[number]

/** What is remembered of a core between two looks. */
export interface CoreMemory {
  readonly wants: Direction
  /** Looks in a row that wanted it. */
  readonly agreeing: number
  /** Engine microseconds of the last change; -Infinity before the first. */
  readonly changedAt: number
  /** A person chose the pattern: it is left alone until then. */
  readonly byHandUntil: number
  /** By pattern: workers that were busy when it was found too small. It is not tried again for as much work. */
  readonly pressureAt: ReadonlyMap<number, number>
}

export const freshMemory: CoreMemory = {
  wants: 'stay',
  agreeing: 0,
  changedAt: Number.NEGATIVE_INFINITY,
  byHandUntil: Number.NEGATIVE_INFINITY,
  pressureAt: new Map(),
}

export interface Decision {
  readonly rule: RuleName
  readonly target: number
  readonly heldBy: HoldReason | null
  /** Every rule, also those that did not decide: what each would have led to. */
  readonly verdicts: readonly RuleVerdict[]
  readonly memory: CoreMemory
}

/** Work that was too much for a pattern must have fallen by this share before that pattern is tried again. */
const relief = 0.8

/**
 * The next pattern of one core. Pure. Scales up on pressure and down when idle, one step at a time.
 *
 * Why it cannot oscillate under a constant load: a step down is taken only when the remaining workers would stay below
 * utilizationHigh, and never to a pattern that was found too small for about as much work.
 */
export function decide(
  now: number,
  pattern: number,
  inputs: CoreInputs,
  limits: Thresholds,
  memory: CoreMemory,
): Decision {
  const verdicts = askRules(pattern, inputs, limits)
  const deciding = assertDefined(
    verdicts.find((verdict) => verdict.holds && verdict.acts),
    'the last rule always holds',
  )
  const { rule, wants, would } = deciding
  const agreeing = wants === memory.wants ? memory.agreeing + 1 : 1
  const pressureAt =
    wants === 'up' && rule !== 'bounds'
      ? new Map(memory.pressureAt).set(pattern, inputs.busyWorkers)
      : memory.pressureAt
  const noted: CoreMemory = { ...memory, wants, agreeing, pressureAt }
  const heldBy = wants === 'stay' ? null : holdReason(now, pattern, would, rule, inputs, limits, noted)
  if (wants === 'stay' || heldBy !== null) return { rule, target: pattern, heldBy, verdicts, memory: noted }
  return { rule, target: would, heldBy, verdicts, memory: { ...noted, agreeing: 0, changedAt: now } }
}

function holdReason(
  now: number,
  pattern: number,
  would: number,
  rule: RuleName,
  inputs: CoreInputs,
  limits: Thresholds,
  memory: CoreMemory,
): HoldReason | null {
  if (now < memory.byHandUntil) return 'by-hand'
  if (rule === 'bounds') return null
  if (would === pattern) return 'at-bound'
  if (memory.agreeing < limits.hold) return 'not-yet'
  if (now - memory.changedAt < limits.cooldown) return 'cooldown'
  if (would > pattern) return null
  if (inputs.busyWorkers * 100 >= limits.utilizationHigh * would) return 'would-not-fit'
  const pressure = memory.pressureAt.get(would)
  return pressure !== undefined && inputs.busyWorkers >= pressure * relief ? 'known-pressure' : null
}
