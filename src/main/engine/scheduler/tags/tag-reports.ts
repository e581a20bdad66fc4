import type { TagStats, TokenBindings } from '../../../../shared/contract/tags.ts'
import type { SchedulerState } from '../scheduler-state.ts'
import { parentId } from '../token-query.ts'
import { type ConductorDomain, seedInSnapshot } from './conductor-domains.ts'
import type { StorageTier } from './storage-tiers.ts'

const pinsInSnapshot = 1000
/** A chain of parents longer than this is cut. */
const listedAncestors = 50

/** What its tags bind a token to, or did when it ended. */
export function bindingsOf(state: SchedulerState, slot: number): TokenBindings {
  const marks = state.rules.marksOf(slot)
  if (marks === null) return { anchor: null, domain: null, leads: null, storage: null }
  const { lane, domain, leads, tier, permit } = marks
  const holder = lane?.holder
  return {
    anchor:
      lane === null
        ? null
        : {
            key: lane.key,
            core: lane.core || null,
            holder: holder == null ? null : parentId(state, holder.sequence),
            tokens: lane.tokens,
          },
    domain: domain === null ? null : describeDomain(state, domain),
    leads: leads === null ? null : describeDomain(state, leads),
    storage: tier === null ? null : { tier: tier.speed, permit },
  }
}

function describeDomain(state: SchedulerState, { seed, lead, core, pending, members }: ConductorDomain) {
  return { seed: seed.slice(0, seedInSnapshot), lead: parentId(state, lead), core: core || null, pending, members }
}

/** Ids of its parent, of that one's parent, and so on, the nearest first, as far as they are kept. */
export function ancestorsOf(state: SchedulerState, slot: number): string[] {
  const { table } = state
  const ids: string[] = []
  for (let each = slot; each >= 0 && ids.length < listedAncestors; ) {
    const parent = table.parent[each] ?? 0
    if (parent === 0) break
    ids.push(parentId(state, parent))
    each = table.find(parent)
  }
  return ids
}

export function tagStatsOf({ rules }: SchedulerState): TagStats {
  const { lanes, domains, tiers, retrying, retries } = rules
  const snapshot: Record<string, number> = {}
  let shown = 0
  let waiting = 0
  for (const lane of lanes) {
    waiting += lane.parked.length
    if (lane.core > 0 && shown++ < pinsInSnapshot) snapshot[lane.key] = lane.core
  }
  return {
    storage: tiers.tiers.map(tierStats),
    sticky: { pins: lanes.size, waiting, snapshot },
    conductor: { domains: domains.size, opened: domains.opened, snapshot: domains.snapshot() },
    retries: {
      total_retries_created: retries.created,
      total_retries_succeeded: retries.succeeded,
      total_retries_exhausted: retries.exhausted,
      waiting: retrying.length,
    },
  }
}

function tierStats({ speed, limit, active, operations, waited, parked }: StorageTier): TagStats['storage'][number] {
  return {
    speed_tier: speed,
    max_concurrent: limit,
    current_active: active,
    total_operations: operations,
    total_wait_time: waited / 1e6,
    average_wait: operations === 0 ? 0 : waited / 1e6 / operations,
    waiting: parked.length,
  }
}
