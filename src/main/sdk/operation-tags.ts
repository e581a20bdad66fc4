import type { OperationTags } from '../../shared/model/operation.ts'
import {
  type DigestPolicy,
  digestPolicies,
  type HashPolicy,
  hashPolicies,
  type RetryTag,
  type StorageSpeed,
  storageSpeeds,
} from '../../shared/model/tags.ts'
import { type Weight, weights } from '../../shared/model/token.ts'
import {
  badOption,
  choiceReader,
  isName,
  longestName,
  longestTimeout,
  numberReader,
  type OptionReader,
  readAll,
  readMilliseconds,
  readName,
  readRecord,
  readSwitch,
  refuseUnknown,
  shown,
} from './option-readers.ts'

type AnyCase<Name extends string> = Uppercase<Name> | Lowercase<Name>

/** Tags as they may be written. The names of TokenGuard, with underscores, mean the same. Times in milliseconds. */
export interface DeclaredTags
  extends Omit<OperationTags, 'weight' | 'storageSpeed' | 'hashPolicy' | 'digestPolicy' | 'retry'> {
  readonly weight?: AnyCase<Weight> | undefined
  readonly storageSpeed?: AnyCase<StorageSpeed> | undefined
  readonly hashPolicy?: AnyCase<HashPolicy> | undefined
  readonly digestPolicy?: AnyCase<DigestPolicy> | undefined
  /** true or a number of further attempts, or how they are spaced. */
  readonly retry?: boolean | number | RetryTag | undefined
  readonly storage_speed?: AnyCase<StorageSpeed> | undefined
  readonly process_pool?: boolean | undefined
  readonly sticky_anchor?: string | undefined
  readonly hash_policy?: AnyCase<HashPolicy> | undefined
  readonly external_calls?: readonly string[] | undefined
  readonly digest_policy?: AnyCase<DigestPolicy> | undefined
  readonly allow_retries?: boolean | 'true' | 'false' | undefined
}

/** Most names that externalCalls may list. */
const mostCalls = 256
const longestRun = 365 * longestTimeout

const retryReaders: Readonly<Record<keyof RetryTag, OptionReader>> = {
  times: numberReader(0, 100, ' of retries', true),
  delay: numberReader(0, longestTimeout, ' of milliseconds'),
  factor: numberReader(1, 100, ''),
  longestDelay: numberReader(0, longestTimeout, ' of milliseconds'),
  jitter: numberReader(0, 1, ''),
  shortestRun: numberReader(0, longestRun, ' of milliseconds'),
  longestRun: numberReader(0, longestRun, ' of milliseconds'),
}

const tagReaders: Readonly<Record<keyof OperationTags, OptionReader>> = {
  weight: choiceReader(weights),
  timeout: readMilliseconds,
  queueTimeout: readMilliseconds,
  storageSpeed: choiceReader(storageSpeeds),
  processPool: readSwitch,
  stickyAnchor: readName,
  hashPolicy: choiceReader(hashPolicies),
  externalCalls: readCalls,
  digestPolicy: choiceReader(digestPolicies),
  retry: readRetry,
  idempotent: readSwitch,
  receipt: readSwitch,
  cache: readSwitch,
}

/** What TokenGuard calls them. */
const aliases: Readonly<Record<string, keyof OperationTags>> = {
  storage_speed: 'storageSpeed',
  process_pool: 'processPool',
  sticky_anchor: 'stickyAnchor',
  hash_policy: 'hashPolicy',
  external_calls: 'externalCalls',
  digest_policy: 'digestPolicy',
  allow_retries: 'retry',
  queue_timeout: 'queueTimeout',
}

/** Tags that this version does not know. Refused rather than ignored: each promises a behaviour. */
const tagsOfLaterVersions = ['cache_size']

/** Checks the tags a developer wrote. Throws `bad-request` that names the tag and what it may be. */
export function readTags(tags: unknown, operationType: string): OperationTags {
  const where = `tags of '${operationType}'`
  const given = underOwnNames(readRecord(tags, where, "tags: { weight: 'heavy' }"), where)
  const known = Object.keys(tagReaders).filter((name) => !tagsOfLaterVersions.includes(name))
  const later = Object.keys(given).find((name) => tagsOfLaterVersions.includes(name))
  if (later !== undefined) {
    throw badOption(
      `${where}: the tag '${later}' is not supported by this version of Guardhouse, which knows ${known.join(', ')}`,
      'Remove the tag; the operation then runs without what it asks for.',
    )
  }
  refuseUnknown(given, known, where, 'tag')
  return Object.freeze(readAll<OperationTags>(given, tagReaders, where))
}

function underOwnNames(given: Record<string, unknown>, where: string): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [written, value] of Object.entries(given)) {
    const name = Object.hasOwn(aliases, written) ? (aliases[written] ?? written) : written
    if (result[name] !== undefined && value !== undefined) {
      throw badOption(`${where}: '${written}' and '${name}' are the same tag`, `Leave one of them out.`)
    }
    result[name] ??= value
  }
  return result
}

function readCalls(value: unknown, name: string): readonly string[] {
  const fits = Array.isArray(value) && value.length > 0 && value.length <= mostCalls && value.every(isName)
  if (fits) return Object.freeze([...value])
  throw badOption(
    `${name} must be a list of 1 to ${mostCalls} names of 1 to ${longestName} characters, not ${shownList(value)}`,
    "Write externalCalls: ['image.resize'], with what the lead calls.",
  )
}

function shownList(value: unknown): string {
  if (!Array.isArray(value)) return shown(value)
  const wrong = value.find((item) => !isName(item))
  return value.length === 0
    ? 'an empty list'
    : wrong === undefined
      ? `${value.length} names`
      : `one with ${shown(wrong)}`
}

function readRetry(value: unknown, name: string): RetryTag {
  if (typeof value === 'boolean' || typeof value === 'string') return readSwitch(value, name) ? {} : { times: 0 }
  if (typeof value === 'number') return { times: retryReaders.times(value, name) as number }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badOption(
      `${name} must be true, false, a number of retries or an object, not ${shown(value)}`,
      'Write retry: 2 or retry: { times: 2, delay: 500 }.',
    )
  }
  const given = value as Record<string, unknown>
  refuseUnknown(given, Object.keys(retryReaders), name, 'setting')
  const retry = readAll<RetryTag>(given, retryReaders, name)
  const { shortestRun = 0, longestRun: longest = Number.POSITIVE_INFINITY } = retry
  if (shortestRun <= longest) return Object.freeze(retry)
  throw badOption(
    `${name}: shortestRun is ${shortestRun}, which is more than longestRun, ${longest}: nothing would be retried`,
  )
}
