import { GuardhouseError } from '../../shared/errors.ts'
import type { OperationTags } from '../../shared/model/operation.ts'
import { type Weight, weights } from '../../shared/model/token.ts'
import { foldedWord, nearestWord } from './nearest-word.ts'

/** What `taskTokenGuard` takes. */
export interface OperationOptions {
  /** Name of the operation, unique in its workspace: `image.resize`. 1 to 256 characters, no spaces at its ends. */
  readonly operationType: string
  readonly tags?: OperationTags | undefined
}

/** What one call may say about itself. Times in milliseconds. */
export interface CallOptions {
  readonly timeout?: number | undefined
  readonly queueTimeout?: number | undefined
  /** Buffers to move instead of copy. The caller cannot use them afterwards. Over a connection they are copied. */
  readonly transfer?: readonly ArrayBuffer[] | undefined
}

/** Longest timeout, milliseconds: one day. */
export const longestTimeout = 86_400_000

/** Reads one value; throws with the full name of the option and the allowed range when it does not fit. */
type OptionReader = (value: unknown, name: string) => unknown

const tagReaders: Readonly<Record<keyof OperationTags, OptionReader>> = {
  weight: readWeight,
  timeout: readMilliseconds,
  queueTimeout: readMilliseconds,
}

const callReaders: Readonly<Record<keyof CallOptions, OptionReader>> = {
  timeout: readMilliseconds,
  queueTimeout: readMilliseconds,
  transfer: readTransfer,
}

/** Tags of TokenGuard that this version does not know. Refused rather than ignored: each promises a behaviour. */
const tagsOfLaterVersions = [
  'storage_speed',
  'process_pool',
  'sticky_anchor',
  'hash_policy',
  'digest_policy',
  'external_calls',
  'allow_retries',
  'cache',
  'cache_size',
]

/** Checks what a developer wrote. Throws `bad-request` that names the option and what it may be. */
export function readOperationOptions(options: unknown): { operationType: string; tags: OperationTags } {
  const given = readRecord(options, 'taskTokenGuard', "taskTokenGuard({ operationType: 'image.resize' })")
  refuseUnknown(given, ['operationType', 'tags'], 'taskTokenGuard', 'option')
  const operationType = readOperationType(given.operationType)
  return { operationType, tags: readTags(given.tags ?? {}, operationType) }
}

/** Checks the options of one call. Throws `bad-request` that names the option and what it may be. */
export function readCallOptions(options: unknown, operationType: string): CallOptions {
  const where = `withOptions of '${operationType}'`
  const given = readRecord(options, where, 'withOptions({ timeout: 5000 })')
  refuseUnknown(given, Object.keys(callReaders), where, 'option')
  return readAll<CallOptions>(given, callReaders, where)
}

function readOperationType(value: unknown): string {
  const fits = typeof value === 'string' && value.length > 0 && value.length <= 256 && value.trim() === value
  if (fits) return value
  const allowed = 'must be a name of 1 to 256 characters without spaces at its ends'
  throw value === undefined
    ? badOption(`taskTokenGuard: operationType is missing; it ${allowed}`, "Write operationType: 'image.resize'.")
    : badOption(`taskTokenGuard: operationType ${allowed}, not ${shown(value)}`)
}

function readTags(tags: unknown, operationType: string): OperationTags {
  const where = `tags of '${operationType}'`
  const given = readRecord(tags, where, "tags: { weight: 'heavy' }")
  const known = Object.keys(tagReaders)
  for (const name of Object.keys(given)) {
    if (tagsOfLaterVersions.some((tag) => foldedWord(tag) === foldedWord(name))) {
      throw badOption(
        `${where}: the tag '${name}' is not supported by this version of Guardhouse, which knows ${known.join(', ')}`,
        'Remove the tag; the operation then runs without what it asks for.',
      )
    }
  }
  refuseUnknown(given, known, where, 'tag')
  return Object.freeze(readAll<OperationTags>(given, tagReaders, where))
}

function readAll<Options extends object>(
  given: Record<string, unknown>,
  readers: Readonly<Record<keyof Options & string, OptionReader>>,
  where: string,
): Options {
  const result: Record<string, unknown> = {}
  for (const [name, read] of Object.entries<OptionReader>(readers)) {
    if (given[name] !== undefined) result[name] = read(given[name], `${where}: ${name}`)
  }
  return result as Options
}

function readWeight(value: unknown, name: string): Weight {
  const weight = weights.find((known) => typeof value === 'string' && value.toLowerCase() === known)
  if (weight !== undefined) return weight
  const nearest = typeof value === 'string' ? nearestWord(value, weights) : null
  throw badOption(`${name} must be one of ${weights.join(', ')}, not ${shown(value)}`, didYouMean(nearest))
}

function readMilliseconds(value: unknown, name: string): number {
  if (typeof value === 'number' && value > 0 && value <= longestTimeout) return value
  throw badOption(
    `${name} must be a number of milliseconds above 0 and at most ${longestTimeout}, not ${shown(value)}`,
    'Leave it out for no limit.',
  )
}

function readTransfer(value: unknown, name: string): readonly ArrayBuffer[] {
  if (Array.isArray(value) && value.every((item) => item instanceof ArrayBuffer)) return value
  throw badOption(
    `${name} must be an array of ArrayBuffers, not ${shown(value)}`,
    'Of a typed array give its `buffer`.',
  )
}

function readRecord(value: unknown, where: string, example: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw badOption(`${where}: expected an object, got ${shown(value)}`, `Write ${example}.`)
}

function refuseUnknown(
  given: Record<string, unknown>,
  known: readonly string[],
  where: string,
  what: 'option' | 'tag',
): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw badOption(
    `${where}: there is no ${what} '${unknown}'; there is ${known.join(', ')}`,
    didYouMean(nearestWord(unknown, known)),
  )
}

function didYouMean(nearest: string | null): string | undefined {
  return nearest === null ? undefined : `Did you mean '${nearest}'?`
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

function badOption(message: string, hint?: string): GuardhouseError {
  return new GuardhouseError('bad-request', message, { hint })
}
