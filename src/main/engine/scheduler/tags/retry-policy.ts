import type { ErrorData, ErrorKind } from '../../../../shared/errors.ts'
import type { OperationTags } from '../../../../shared/model/operation.ts'
import type { RetryTag } from '../../../../shared/model/tags.ts'
import type { SchedulerOptions } from '../options.ts'

/** A retry policy with nothing left out; times in milliseconds. */
export type RetryPolicy = { readonly [Name in keyof RetryTag]-?: number }

const standardFactor = 2
const standardJitter = 0.2
const standardLongestDelay = 60_000

/** Another attempt would meet the same: the call itself is wrong, or nothing can run it. */
const lastingKinds: readonly ErrorKind[] = [
  'bad-request',
  'not-found',
  'not-allowed',
  'not-cloneable',
  'too-large',
  'module-failed',
  'unsupported',
  'stopped',
]

export function retryPolicy(tag: RetryTag, options: SchedulerOptions): RetryPolicy {
  return {
    times: tag.times ?? options.retryTimes,
    delay: tag.delay ?? options.retryDelayMs,
    factor: tag.factor ?? standardFactor,
    longestDelay: tag.longestDelay ?? standardLongestDelay,
    jitter: tag.jitter ?? standardJitter,
    shortestRun: tag.shortestRun ?? options.retryShortestRunMs,
    longestRun: tag.longestRun ?? options.retryLongestRunMs,
  }
}

export interface FailedAttempt {
  /** 1 for the first. */
  readonly attempt: number
  /** How long it ran, milliseconds. */
  readonly ran: number
  readonly error: ErrorData
  /** Its arguments were moved away with it. */
  readonly transferred: boolean
}

/**
 * Null when the attempt may be repeated, else why not. An operation that has begun may have done something, so it is repeated only
 * when it is tagged `idempotent` or when the error it threw says that it may be (`RetryableError`): a lost thread, of which nobody
 * knows how far it came, needs the tag. The run must have been as long as the policy says (specification of TokenGuard, section 8.1).
 */
export function whyNoRetry(tags: OperationTags, policy: RetryPolicy, failed: FailedAttempt): string | null {
  const { attempt, ran, error, transferred } = failed
  if (attempt > policy.times) return `all ${policy.times} retries are used up`
  if (tags.idempotent !== true && error.retryable !== true)
    return 'the operation had begun, is not tagged idempotent, and its error is not retryable'
  if (error.retryable !== true && lastingKinds.includes(error.kind)) return `it would fail the same way (${error.kind})`
  if (transferred) return 'its arguments were moved to the first attempt'
  if (ran < policy.shortestRun) return `it ran shorter than ${policy.shortestRun} ms`
  if (ran > policy.longestRun) return `it ran longer than ${policy.longestRun} ms`
  return null
}

/** Wait before the retry of this number (1 is the first), milliseconds. `chance` is in 0..1. */
export function retryDelay(policy: RetryPolicy, retry: number, chance: number): number {
  const plain = Math.min(policy.longestDelay, policy.delay * policy.factor ** (retry - 1))
  return plain * (1 + policy.jitter * (2 * chance - 1))
}
