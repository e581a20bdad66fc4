import type { TagStats, TokenBindings } from '../../src/shared/contract/tags.ts'
import { storageSpeeds } from '../../src/shared/model/tags.ts'
import type { TokenRecord } from './token-record.ts'

/** What tags bind an invented token to: every fourth has an anchor, every fifth a storage tier. */
export function inventedBindings({ seed, core, id, ended }: TokenRecord): TokenBindings {
  const anchored = seed % 4 === 0
  return {
    anchor: anchored ? { key: `user(${seed % 50})`, core, holder: ended === null ? id : null, tokens: 1 } : null,
    domain: null,
    leads: null,
    storage: seed % 5 === 0 ? { tier: 'MODERATE', permit: ended === null ? 'own' : 'none' } : null,
  }
}

export function inventedTagStats(): TagStats {
  const limits = { SLOW: 10, MODERATE: 25, FAST: 50, INSANE: 70 }
  return {
    storage: storageSpeeds.map((speed) => ({
      speed_tier: speed,
      max_concurrent: limits[speed],
      current_active: speed === 'SLOW' ? 10 : 0,
      total_operations: 480,
      total_wait_time: 12.5,
      average_wait: 0.026,
      waiting: speed === 'SLOW' ? 14 : 0,
    })),
    sticky: { pins: 3, waiting: 2, snapshot: { 'user(1)': 1, 'user(2)': 2, 'user(3)': 1 } },
    conductor: { domains: 1, opened: 41, snapshot: { '5f1c0a97be24': { core: 2, pending: 5 } } },
    retries: { total_retries_created: 12, total_retries_succeeded: 9, total_retries_exhausted: 2, waiting: 1 },
  }
}
