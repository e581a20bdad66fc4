import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GuardhouseError } from '../../../../shared/errors.ts'
import { sha256Hex } from '../../json/canonical-hash.ts'
import { parseJson } from '../../json/parse.ts'
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
  const content = parseNamed(bytes.toString('utf8'), path)
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

function readRequired(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new GuardhouseError('not-found', `Required snapshot file missing: ${path}`, { hint: rebuildHint })
    }
    throw new GuardhouseError('operation-failed', `Snapshot file cannot be read: ${path}`, { cause: error })
  }
}

function parseNamed(text: string, path: string): JsonValue {
  try {
    return parseJson(text)
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new GuardhouseError('bad-request', `${problem} in ${path}`, { cause: error, hint: rebuildHint })
  }
}
