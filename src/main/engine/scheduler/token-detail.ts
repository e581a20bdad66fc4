import type { TokenDetail, TokenTimes } from '../../../shared/contract/tokens.ts'
import { describeTags } from '../../../shared/model/tags.ts'
import { type RouteExplanation, weights } from '../../../shared/model/token.ts'
import { previewOf, previewOfArguments } from './preview.ts'
import { explainRoute } from './route-explanation.ts'
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
    route: routeOf(state, slot),
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

function routeOf(state: SchedulerState, slot: number): RouteExplanation | null {
  const { table, options, cores } = state
  const worker = state.workerOf(slot)
  if (worker === null) return null
  return explainRoute({
    weight: weights[table.weight[slot] ?? 1] ?? 'medium',
    core: worker.core,
    slot: worker.slot,
    position: table.position[slot] ?? 0,
    stolen: table.has(slot, tokenFlags.stolen),
    strategy: options.strategy,
    cores: cores.length,
    workersPerCore: options.workersPerCore,
  })
}
