import type { TokenDetail, TokenTimes } from '../../../shared/contract/tokens.ts'
import { describeTags } from '../../../shared/model/tags.ts'
import { type RouteExplanation, type Weight, weights } from '../../../shared/model/token.ts'
import { eligibleRange, workerAt } from './positions.ts'
import { previewOf, previewOfArguments } from './preview.ts'
import type { SchedulerState } from './scheduler-state.ts'
import { ancestorsOf, bindingsOf } from './tags/tag-reports.ts'
import { tokenRowOf } from './token-query.ts'
import { stateNumbers, tokenFlags } from './token-table.ts'
import { whyWaiting } from './waiting-reason.ts'
import { waitingSince } from './waiting-since.ts'

/** Everything known of one token, for the inspector. */
export function describeToken(state: SchedulerState, slot: number): TokenDetail {
  const { table } = state
  const now = state.now()
  const row = tokenRowOf(state, slot, now)
  const extra = table.extras[slot]
  const times = timesOf(state, slot)
  const error = table.errors[slot] ?? null
  return {
    ...row,
    times,
    tags: describeTags(state.operationOf(slot).tags),
    arguments: extra?.argumentsPreview ?? previewOfArguments(table.values[slot] ?? []),
    result:
      table.state[slot] === stateNumbers.COMPLETED ? (extra?.resultPreview ?? previewOf(table.results[slot])) : null,
    error,
    progress: extra?.progress ?? null,
    log: extra?.log ?? [],
    logDropped: extra?.logDropped ?? 0,
    route: explainRoute(state, slot),
    waitingBecause: whyWaiting(state, slot),
    stopping: table.has(slot, tokenFlags.stopping),
    deadlines: { queueTimeout: table.queueTimeout[slot] || null, timeout: table.timeout[slot] || null },
    attempts: [
      ...(extra?.attempts ?? []),
      { attempt: row.attempt, state: row.state, core: row.core, slot: row.slot, times, error },
    ],
    actions: extra?.actions ?? [],
    children: {
      total: extra?.children ?? 0,
      first: (extra?.firstChildren ?? [])
        .map((sequence) => state.table.find(sequence))
        .filter((child) => child >= 0)
        .map((child) => state.idOf(child)),
    },
    ancestors: ancestorsOf(state, slot),
    bindings: bindingsOf(state, slot),
    now,
  }
}

/** When the newest attempt of a token entered which state. */
export function timesOf(state: SchedulerState, slot: number): TokenTimes {
  const { table } = state
  const created = table.createdAt[slot] ?? 0
  const optional = (name: 'admitted' | 'started' | 'ended', at: number | undefined) => (at ? { [name]: at } : {})
  return {
    created,
    waiting: waitingSince(state, slot),
    ...optional('admitted', table.admittedAt[slot]),
    ...optional('started', table.startedAt[slot]),
    ...optional('ended', table.endedAt[slot]),
  }
}

function explainRoute(state: SchedulerState, slot: number): RouteExplanation | null {
  const { table, options, cores } = state
  const worker = state.workerOf(slot)
  if (worker === null) return null
  const weight: Weight = weights[table.weight[slot] ?? 1] ?? 'medium'
  const { first, last } = eligibleRange(weight, cores.length)
  const eligibleCores = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const stolen = table.has(slot, tokenFlags.stolen)
  const range = first === last ? `core ${first}` : `cores ${first} to ${last}`
  const position = table.position[slot] ?? 0
  const inside = eligibleCores.includes(worker.core)
  return {
    strategy: options.strategy,
    weight,
    core: worker.core,
    slot: worker.slot,
    position,
    eligibleCores,
    stolen,
    sentence: routeSentence({
      weight,
      range,
      core: worker.core,
      slot: worker.slot,
      position,
      stolen,
      inside,
      named: workerAt(position, options.workersPerCore, cores.length).slot === worker.slot,
      strategy: options.strategy,
    }),
  }
}

interface RouteFacts {
  readonly weight: Weight
  readonly range: string
  readonly core: number
  readonly slot: number
  readonly position: number
  readonly stolen: boolean
  readonly inside: boolean
  /** Its position names this worker. */
  readonly named: boolean
  readonly strategy: string
}

function routeSentence({ weight, range, core, slot, position, stolen, inside, named, strategy }: RouteFacts): string {
  const where = `worker ${slot} of core ${core}`
  if (stolen)
    return `A ${weight} token belongs to ${range}, which had more than it could run at once; core ${core} was idle and took it to ${where}.`
  if (!inside)
    return `A ${weight} token belongs to ${range}, which was full; the overflow policy sent it to ${where}, which had room.`
  const why =
    strategy === 'staggered'
      ? 'the least loaded of them, in staggered order,'
      : 'the one with the fewest placements so far,'
  const choice =
    range === `core ${core}`
      ? `A ${weight} token may use only ${range}`
      : `A ${weight} token may use ${range}; core ${core} was ${why.slice(0, -1)}`
  if (!named) return `${choice}. The worker of its position was taken, so it went to ${where}.`
  return `${choice}. Staggered position ${position} names ${where}.`
}
