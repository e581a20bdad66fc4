import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { GuardhouseError } from '../../../../shared/errors.ts'
import { sha256Hex } from '../../json/canonical-hash.ts'
import { parseJsonBytes } from '../../json/parse.ts'
import { isObject, type JsonObject, type JsonValue } from '../../json/value.ts'

/** One file of a snapshot: its content, and the hash of the very bytes that were read. */
export interface SnapshotFile {
  readonly path: string
  readonly content: JsonObject
  /** SHA-256 of the bytes, 64 lower-case hex digits. */
  readonly sha256: string
}

/** The files of a domain that decide what a run does, in the order in which they are read. */
export interface SnapshotFiles {
  readonly dispatch: SnapshotFile
  readonly handlers: SnapshotFile
  readonly metadata: SnapshotFile
  readonly attestation: SnapshotFile
  readonly forward: SnapshotFile
  readonly reverse: SnapshotFile
}

export type SnapshotPart = keyof SnapshotFiles | 'topology' | 'vocabularyMetadata'

/** Where a part of a domain's snapshot lies. */
export function snapshotPath(workspace: string, domain: string, part: SnapshotPart): string {
  const [area, name] = places[part]
  return join(workspace, area, domain, name)
}

/** Reads the files of a domain. Throws a GuardhouseError that names the file that is missing, no JSON, or no object. */
export function readSnapshotFiles(workspace: string, domain: string): SnapshotFiles {
  const read = (part: SnapshotPart): SnapshotFile => readSnapshotFile(snapshotPath(workspace, domain, part))
  return {
    dispatch: read('dispatch'),
    handlers: read('handlers'),
    metadata: read('metadata'),
    attestation: read('attestation'),
    forward: read('forward'),
    reverse: read('reverse'),
  }
}

export function readSnapshotFile(path: string): SnapshotFile {
  const bytes = readRequired(path)
  const content = parseNamed(bytes, path)
  if (isObject(content)) return { path, content, sha256: sha256Hex(bytes) }
  throw new GuardhouseError('bad-request', `Snapshot file is not a JSON object: ${path}`, { hint: rebuildHint })
}

export const rebuildHint = 'build the snapshot again with its compiler, or restore it from version control'

const places: Readonly<Record<SnapshotPart, readonly [area: string, name: string]>> = {
  dispatch: ['tokenized_snapshot', 'dispatch.json'],
  handlers: ['tokenized_snapshot', 'handlers.json'],
  metadata: ['tokenized_snapshot', 'metadata.json'],
  topology: ['tokenized_snapshot', 'topology.json'],
  attestation: ['trust_snapshot', 'structure_attestation.json'],
  forward: ['vocabulary_snapshot', 'forward.json'],
  reverse: ['vocabulary_snapshot', 'reverse.json'],
  vocabularyMetadata: ['vocabulary_snapshot', 'metadata.json'],
}

/** Snapshot files are read into the same memory one after the other: to get fresh memory takes longer than to read. */
const scratch = Buffer.allocUnsafeSlow(512 << 10)

/** The bytes of a file, good until the next file is read. */
function readRequired(path: string): Buffer {
  try {
    return readInto(scratch, path) ?? readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new GuardhouseError('not-found', `Required snapshot file missing: ${path}`, { hint: rebuildHint })
    }
    throw new GuardhouseError('operation-failed', `Snapshot file cannot be read: ${path}`, { cause: error })
  }
}

/** Null when the file does not fit. */
function readInto(buffer: Buffer, path: string): Buffer | null {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    if (size > buffer.length) return null
    let read = 0
    for (let more = -1; read < size && more !== 0; read += more) more = readSync(file, buffer, read, size - read, read)
    return buffer.subarray(0, read)
  } finally {
    closeSync(file)
  }
}

function parseNamed(bytes: Buffer, path: string): JsonValue {
  try {
    return parseJsonBytes(bytes)
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new GuardhouseError('bad-request', `${problem} in ${path}`, { cause: error, hint: rebuildHint })
  }
}
