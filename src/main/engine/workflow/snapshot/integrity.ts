import { existsSync } from 'node:fs'
import { canonicalHash, sha256Hex } from '../../json/canonical-hash.ts'
import { compareCodePoints } from '../../json/print.ts'
import { emptyObject, type JsonObject, type JsonValue, textAt } from '../../json/value.ts'
import { readSnapshotFile, type SnapshotFiles, snapshotPath } from './snapshot-files.ts'
import { TableReader } from './table-reader.ts'

/** One published hash: what the snapshot claims, and what its files really give. */
export interface IntegrityCheck {
  /** Such as `tokenized projection_hash`. */
  readonly name: string
  readonly path: string
  readonly published: string | null
  /** Null when the file that is hashed is not there. */
  readonly computed: string | null
  readonly verdict: 'holds' | 'differs' | 'unpublished'
}

/**
 * Recomputes every hash that a domain's snapshot publishes. None of them covers the tables that are executed: their
 * hashes come with the files themselves, see SnapshotFiles, and the seal holds them.
 */
export function checkPublishedHashes(workspace: string, domain: string, files: SnapshotFiles): IntegrityCheck[] {
  const metadata = files.metadata.content
  const attestation = files.attestation.content
  const vocabularyPath = snapshotPath(workspace, domain, 'vocabularyMetadata')
  const vocabulary = existsSync(vocabularyPath) ? readSnapshotFile(vocabularyPath).content : emptyObject
  const projection = textAt(metadata, 'projection_hash')
  const vocabularyHash = hashOf({ forward: files.forward.content, reverse: files.reverse.content })
  const addressHash = hashAddresses(files)
  const attested = textAt(attestation, 'tokenized_projection_hash')
  return [
    check('tokenized projection_hash', files.metadata.path, projection, hashTopology(workspace, domain)),
    check('attested projection_hash', files.attestation.path, attested, projection),
    check(
      'attestation_hash',
      files.attestation.path,
      textAt(attestation, 'attestation_hash'),
      sha256Hex(attested ?? ''),
    ),
    check('vocabulary_hash', files.metadata.path, textAt(metadata, 'vocabulary_hash'), vocabularyHash),
    check('vocabulary projection_hash', vocabularyPath, textAt(vocabulary, 'projection_hash'), vocabularyHash),
    check('graph_address_hash', files.metadata.path, textAt(metadata, 'graph_address_hash'), addressHash),
    check('vocabulary graph_address_hash', vocabularyPath, textAt(vocabulary, 'graph_address_hash'), addressHash),
  ]
}

/** One hash for all that decides a run of a domain: what runs are told apart by. */
export function snapshotHash(files: SnapshotFiles): string {
  const hashes = Object.entries(files).map(([part, { sha256 }]): [string, JsonValue] => [part, sha256])
  return canonicalHash(new Map(hashes))
}

function check(name: string, path: string, published: string | null, computed: string | null): IntegrityCheck {
  const verdict = published === null ? 'unpublished' : published === computed ? 'holds' : 'differs'
  return { name, path, published, computed, verdict }
}

function hashTopology(workspace: string, domain: string): string | null {
  const path = snapshotPath(workspace, domain, 'topology')
  if (!existsSync(path)) return null
  const { content } = readSnapshotFile(path)
  return canonicalHash(new Map([...content].filter(([key]) => ['adjacency', 'edges', 'nodes'].includes(key))))
}

/** The list of `[name, address]` pairs, sorted by name. */
function hashAddresses(files: SnapshotFiles): string {
  const reader = new TableReader(files.reverse.path)
  const pairs = [...files.reverse.content]
    .sort(([left], [right]) => compareCodePoints(left, right))
    .map(([name, address]): JsonValue => [name, reader.hexAddress(address, name)])
  return canonicalHash(pairs)
}

function hashOf(content: Readonly<Record<string, JsonObject>>): string {
  return canonicalHash(new Map<string, JsonValue>(Object.entries(content)))
}
