import type { RouteExplanation, Weight } from '../../../shared/model/token.ts'
import { eligibleRange, workerAt } from './positions.ts'
import type { StrategyName } from './routing.ts'

/** What is kept of a placement; everything else follows. */
export interface RouteFacts {
  readonly weight: Weight
  readonly core: number
  readonly slot: number
  readonly position: number
  readonly stolen: boolean
  readonly strategy: StrategyName
  /** As they were then. */
  readonly cores: number
  readonly workersPerCore: number
}

/** Why a token went where it went, in numbers and in one sentence. */
export function explainRoute(facts: RouteFacts): RouteExplanation {
  const { weight, core, slot, position, stolen, strategy, cores } = facts
  const { first, last } = eligibleRange(weight, cores)
  const eligibleCores = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  return { strategy, weight, core, slot, position, eligibleCores, stolen, sentence: routeSentence(facts, first, last) }
}

function routeSentence(facts: RouteFacts, first: number, last: number): string {
  const { weight, core, slot, position, stolen, strategy, cores, workersPerCore } = facts
  const range = first === last ? `core ${first}` : `cores ${first} to ${last}`
  const where = `worker ${slot} of core ${core}`
  if (stolen)
    return `A ${weight} token belongs to ${range}, which had more than it could run at once; core ${core} was idle and took it to ${where}.`
  if (core < first || core > last)
    return `A ${weight} token belongs to ${range}, which was full; the overflow policy sent it to ${where}, which had room.`
  const why =
    strategy === 'staggered'
      ? 'the least loaded of them, in staggered order,'
      : 'the one with the fewest placements so far,'
  const choice =
    range === `core ${core}`
      ? `A ${weight} token may use only ${range}`
      : `A ${weight} token may use ${range}; core ${core} was ${why.slice(0, -1)}`
  if (workerAt(position, workersPerCore, cores).slot !== slot)
    return `${choice}. The worker of its position was taken, so it went to ${where}.`
  return `${choice}. Staggered position ${position} names ${where}.`
}
