import type { OperationTags } from './operation.ts'

/** Values of the tags that choose among names, spelled as they are kept. */

/** Speed class of the storage an operation works on; each has a limit of operations at once. */
export const storageSpeeds = ['SLOW', 'MODERATE', 'FAST', 'INSANE'] as const
export type StorageSpeed = (typeof storageSpeeds)[number]

/** How much of the arguments becomes part of a sticky key, from nothing but the anchor's name to all of them with their contents. */
export const hashPolicies = ['NONE', 'FAST', 'STANDARD', 'FULL'] as const
export type HashPolicy = (typeof hashPolicies)[number]

/** How the seed of a conductor domain is written. */
export const digestPolicies = ['FULL', 'SHORT', 'FAST', 'MINIMAL'] as const
export type DigestPolicy = (typeof digestPolicies)[number]

/** What an operation says of its retries; what it leaves out is taken from the scheduler's options. Times in milliseconds. */
export interface RetryTag {
  /** Further attempts after the first; 0 for none. */
  readonly times?: number | undefined
  /** Wait before the first retry. */
  readonly delay?: number | undefined
  /** Each wait is this much longer than the one before. */
  readonly factor?: number | undefined
  /** No wait is longer. */
  readonly longestDelay?: number | undefined
  /** Share of a wait that chance may take away or add, 0..1. */
  readonly jitter?: number | undefined
  /** An attempt that failed sooner or later than these is not repeated. */
  readonly shortestRun?: number | undefined
  readonly longestRun?: number | undefined
}

/** Tags as rows for people: a list and a retry policy become one text each. */
export function describeTags(tags: OperationTags): Record<string, string | number | boolean> {
  const rows: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(tags)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') rows[name] = value
    else if (Array.isArray(value)) rows[name] = value.join(', ')
    else if (typeof value === 'object') rows[name] = describeRetry(value)
  }
  return rows
}

function describeRetry(retry: RetryTag): string {
  const parts = Object.entries(retry).map(([name, value]) => `${name} ${value}`)
  return parts.length === 0 ? 'on' : parts.join(', ')
}
