import { GuardhouseError } from '../../../shared/errors.ts'
import { sha256Hex } from '../json/canonical-hash.ts'
import { describeBare } from '../json/describe.ts'
import { parseJson } from '../json/parse.ts'
import { compareCodePoints } from '../json/print.ts'
import { isArray, isInteger, isObject, type JsonObject, type JsonValue } from '../json/value.ts'
import { canonicalJson } from './canonical-json.ts'
import { durationMs, instantText, requireInstant } from './instant.ts'

/** One file a run has left. `path` is relative to the catalog, with forward slashes. */
export interface Artifact {
  readonly path: string
  readonly sha256: string
  readonly sizeBytes: number
  readonly mime: string
}

/** What goes into the hash of a call's inputs. */
export interface CallInputs {
  readonly yool: string
  readonly args: JsonObject
  /** SHA-256 of files the call depends on; order does not matter, repetitions do. */
  readonly files?: readonly string[]
  /** Environment the call depends on. */
  readonly env?: ReadonlyMap<string, string>
}

/** What is known of a run when its receipt is made. */
export interface ReceiptDraft extends CallInputs {
  readonly status: string
  /** ISO 8601 with an offset. */
  readonly startedAt: string
  readonly endedAt: string
  readonly artifacts?: readonly Artifact[]
  readonly error?: string | null
  readonly parentId?: string | null
  readonly cpuQuotaPct?: number
  /** How Guardhouse ran it; a field of our own, left out of receipts that others put. */
  readonly run?: JsonObject
  /** Stands for arguments too large to be written down; the input hash is over the arguments themselves. */
  readonly shownArgs?: JsonObject | undefined
}

/** A receipt as it is kept: never changed once it is made. */
export interface Receipt {
  readonly id: string
  readonly inputHash: string
  /** Every field but the id, as hashed. */
  readonly fields: JsonObject
  /** Body of its file: canonical JSON with the id. */
  readonly text: string
}

const hexHash = /^[0-9a-f]{64}$/
const unknownMime = 'application/octet-stream'

/** True for 64 lower-case hexadecimal digits: all that may become part of a file name. */
export function isHash(text: string): boolean {
  return hexHash.test(text)
}

/** Throws `bad-request` for anything but a hash, such as `../x`. */
export function requireReceiptId(text: string): string {
  if (isHash(text)) return text
  throw new GuardhouseError('bad-request', `${JSON.stringify(text)} is no receipt id`, {
    hint: 'An id is the SHA-256 of the receipt: 64 digits 0-9 and a-f.',
  })
}

/** The text hashed into an input hash. */
export function inputText({ yool, args, files = [], env = new Map() }: CallInputs): string {
  return canonicalJson(
    new Map<string, JsonValue>([
      ['yool', yool],
      ['args', args],
      ['files', [...files].sort(compareCodePoints)],
      ['env', env],
    ]),
  )
}

/** What a repeated call is recognised by. */
export function inputHashOf(inputs: CallInputs): string {
  return sha256Hex(inputText(inputs))
}

/** Makes a receipt. Throws `bad-request` for what cannot be hashed, times without an offset, and ids that are none. */
export function makeReceipt(draft: ReceiptDraft): Receipt {
  const started = requireInstant(draft.startedAt, 'started_at')
  const ended = requireInstant(draft.endedAt, 'ended_at')
  const parentId = draft.parentId ?? null
  if (parentId !== null) requireReceiptId(parentId)
  const fields = new Map<string, JsonValue>([
    ['yool', draft.yool],
    ['input_hash', inputHashOf(draft)],
    ['args', draft.shownArgs ?? draft.args],
    ['status', draft.status],
    ['started_at', instantText(started)],
    ['ended_at', instantText(ended)],
    ['duration_ms', durationMs(started, ended)],
    ['artifacts', (draft.artifacts ?? []).map(artifactFields)],
    ['error', draft.error ?? null],
    ['parent_id', parentId],
    ['cpu_quota_pct', draft.cpuQuotaPct ?? 100],
    // Hashed as null for ever: what a collection removes is recorded beside the receipt.
    ['artifacts_purged_at', null],
  ])
  if (draft.run !== undefined) fields.set('run', draft.run)
  return receiptOf(fields)
}

/** A receipt of given fields; its id is the hash of their canonical text. */
export function receiptOf(fields: JsonObject): Receipt {
  // Each field is printed once, though two texts are needed: the hashed one has no id.
  const printed = [...fields]
    .map(([name, value]) => [name, `${canonicalJson(name)}:${canonicalJson(value)}`] as const)
    .sort(([left], [right]) => compareCodePoints(left, right))
  const id = sha256Hex(`{${printed.map(([, text]) => text).join(',')}}`)
  const inputHash = fields.get('input_hash')
  if (typeof inputHash !== 'string' || !isHash(inputHash)) throw broken('input_hash is not a hash')
  const place = printed.findIndex(([name]) => compareCodePoints(name, 'id') > 0)
  printed.splice(place < 0 ? printed.length : place, 0, ['id', `"id":"${id}"`])
  return { id, inputHash, fields, text: `{${printed.map(([, text]) => text).join(',')}}` }
}

/**
 * Reads the body of a receipt file. Throws `bad-request` for text that is not JSON, not an object or lacks a field, and
 * `conflict` when the content does not hash to the id it carries.
 */
export function readReceipt(text: string): Receipt {
  const value = parseJson(text)
  if (!isObject(value)) throw broken(`it holds ${isArray(value) ? 'an array' : describeBare(value)}, not an object`)
  const given = value.get('id')
  if (typeof given !== 'string') throw broken('it has no id')
  requireReceiptId(given)
  const fields = new Map(value)
  fields.delete('id')
  for (const [name, fits] of Object.entries(fieldChecks)) {
    if (!fits(fields.get(name))) throw broken(`its field ${name} is missing or of the wrong kind`)
  }
  const receipt = receiptOf(fields)
  if (receipt.id === given) return receipt
  // The original's collection writes its mark into the file; without it the content is what was hashed.
  const unmarked = receiptOf(new Map([...fields, ['artifacts_purged_at', null]]))
  if (unmarked.id === given) return { ...unmarked, fields, text }
  throw new GuardhouseError('conflict', `the content of the receipt hashes to ${receipt.id}, not to its id ${given}`, {
    hint: 'It was changed after it was made; do not trust it.',
  })
}

/** The artifacts a receipt names; those that are not described as such are left out. */
export function artifactsOf(fields: JsonObject): Artifact[] {
  const list = fields.get('artifacts')
  return isArray(list) ? list.flatMap(readArtifact) : []
}

const isText = (value: JsonValue | undefined) => typeof value === 'string'
const isTextOrNull = (value: JsonValue | undefined) => value === null || typeof value === 'string'

const fieldChecks: Readonly<Record<string, (value: JsonValue | undefined) => boolean>> = {
  yool: isText,
  input_hash: isText,
  args: isObject,
  status: isText,
  started_at: isText,
  ended_at: isText,
  duration_ms: isInteger,
  artifacts: isArray,
  error: isTextOrNull,
  parent_id: isTextOrNull,
  cpu_quota_pct: isInteger,
  artifacts_purged_at: isTextOrNull,
}

function artifactFields({ path, sha256, sizeBytes, mime }: Artifact): JsonObject {
  return new Map<string, JsonValue>([
    ['path', path],
    ['sha256', sha256],
    ['size_bytes', sizeBytes],
    ['mime', mime],
  ])
}

function readArtifact(value: JsonValue): Artifact[] {
  if (!isObject(value)) return []
  const path = value.get('path')
  const sha256 = value.get('sha256')
  const size = value.get('size_bytes')
  const mime = value.get('mime')
  if (typeof path !== 'string') return []
  return [
    {
      path,
      sha256: typeof sha256 === 'string' ? sha256 : '',
      sizeBytes: isInteger(size) ? Number(size) : 0,
      mime: typeof mime === 'string' ? mime : unknownMime,
    },
  ]
}

function broken(problem: string): GuardhouseError {
  return new GuardhouseError('bad-request', `this is not a receipt: ${problem}`)
}
