import { firstSet, positiveFrom } from '../../throttle/environment.ts'

/** Bounds and defaults of the kernel. */
export interface KernelPolicy {
  /** Agents that may wait in one lane; further ones are refused. */
  readonly queueMax: number
  /** Agents that may be unfinished or unpacked at once; further ones are refused. */
  readonly agentsMax: number
  /** Finished agents beyond this many active ones are packed. */
  readonly compressionThreshold: number
  /** Packed finished agents that are kept. */
  readonly compressedMax: number
  readonly batchesMax: number
  /** Answers that are kept, and for how long, milliseconds. */
  readonly cacheMaxEntries: number
  readonly cacheTtlMs: number
  /** Further attempts of a call to a provider, and the waits between them, milliseconds. */
  readonly retries: number
  readonly backoffBaseMs: number
  readonly backoffMaxMs: number
  /** Faults in a row that keep calls away from a provider, and for how long. */
  readonly breakerThreshold: number
  readonly breakerCooldownMs: number
  /** Longer texts go to providers as a digest and a preview, code points. */
  readonly contextChars: number
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The original's variables, `YOOL_TUPLE_X` before `YOOL_X`, with its parsing and defaults. Unlike there a 0 is a 0 where it means
 * something: every finished agent is packed at once, no call is tried again.
 */
export function kernelPolicyFrom(environment: Environment): KernelPolicy {
  const positive = (name: string, standard: number) => positiveFrom(environment, namesOf(name), standard)
  return {
    queueMax: positive('QUEUE_MAXSIZE', 8192),
    agentsMax: 100_000,
    compressionThreshold: zeroOr(environment, 'COMPRESSION_THRESHOLD', positive('COMPRESSION_THRESHOLD', 1024)),
    compressedMax: 65_536,
    batchesMax: 10_000,
    cacheMaxEntries: positive('CACHE_MAX_ENTRIES', 16_384),
    cacheTtlMs: seconds(environment, 'CACHE_TTL_S', 3600) * 1000,
    retries: zeroOr(environment, 'API_MAX_RETRIES', positive('API_MAX_RETRIES', 3)),
    backoffBaseMs: positive('API_BACKOFF_BASE_MS', 100),
    backoffMaxMs: positive('API_BACKOFF_MAX_MS', 5000),
    breakerThreshold: positive('CIRCUIT_FAILURE_THRESHOLD', 5),
    breakerCooldownMs: seconds(environment, 'CIRCUIT_COOLDOWN_S', 30) * 1000,
    contextChars: Math.max(64, positive('CONTEXT_COMPRESSION_CHARS', 6000)),
  }
}

function namesOf(name: string): readonly string[] {
  return [`YOOL_TUPLE_${name}`, `YOOL_${name}`]
}

// What the original's language takes for a floating point number, but for nan, which gives the default.
const floatPattern = /^\s*[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?)\s*$/i

/** At least a millisecond. */
function seconds(environment: Environment, name: string, standard: number): number {
  const text = firstSet(environment, namesOf(name))
  if (text === null || !floatPattern.test(text)) return standard
  const value = Number(text.trim().replace(/inf(?:inity)?/i, 'Infinity'))
  return value > 0 ? Math.max(0.001, value) : standard
}

function zeroOr(environment: Environment, name: string, otherwise: number): number {
  return /^\s*[+-]?0+\s*$/.test(firstSet(environment, namesOf(name)) ?? '') ? 0 : otherwise
}
