import type { OperationTags } from '../../shared/model/operation.ts'
import { type DeclaredTags, readTags } from './operation-tags.ts'
import {
  badOption,
  longestName,
  type OptionReader,
  readAll,
  readMilliseconds,
  readRecord,
  refuseUnknown,
  shown,
} from './option-readers.ts'

/** What `taskTokenGuard` takes. */
export interface OperationOptions {
  /** Name of the operation, unique in its workspace: `image.resize`. 1 to 256 characters, no spaces at its ends. */
  readonly operationType: string
  readonly tags?: DeclaredTags | undefined
}

/** What one call may say about itself. Times in milliseconds. */
export interface CallOptions {
  readonly timeout?: number | undefined
  readonly queueTimeout?: number | undefined
  /** Buffers to move instead of copy. The caller cannot use them afterwards. Over a connection they are copied. */
  readonly transfer?: readonly ArrayBuffer[] | undefined
}

const callReaders: Readonly<Record<keyof CallOptions, OptionReader>> = {
  timeout: readMilliseconds,
  queueTimeout: readMilliseconds,
  transfer: readTransfer,
}

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
  const fits = typeof value === 'string' && value.length > 0 && value.length <= longestName && value.trim() === value
  if (fits) return value
  const allowed = `must be a name of 1 to ${longestName} characters without spaces at its ends`
  throw value === undefined
    ? badOption(`taskTokenGuard: operationType is missing; it ${allowed}`, "Write operationType: 'image.resize'.")
    : badOption(`taskTokenGuard: operationType ${allowed}, not ${shown(value)}`)
}

function readTransfer(value: unknown, name: string): readonly ArrayBuffer[] {
  if (Array.isArray(value) && value.every((item) => item instanceof ArrayBuffer)) return value
  throw badOption(
    `${name} must be an array of ArrayBuffers, not ${shown(value)}`,
    'Of a typed array give its `buffer`.',
  )
}
