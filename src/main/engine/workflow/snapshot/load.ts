import { join } from 'node:path'
import { GuardhouseError } from '../../../../shared/errors.ts'
import { describeBare, isTruthy } from '../../json/describe.ts'
import type { JsonValue } from '../../json/value.ts'
import { isFileName } from '../trace/trace-id.ts'
import { type DispatchTable, readDispatchTable } from './dispatch-table.ts'
import { type HandlerTable, readHandlerTable } from './handler-table.ts'
import { checkPublishedHashes, type IntegrityCheck, snapshotHash } from './integrity.ts'
import { requireSeal, sealDomain } from './seal.ts'
import { readSnapshotFiles, rebuildHint, type SnapshotFiles } from './snapshot-files.ts'
import { Vocabulary } from './vocabulary.ts'

/** A workspace whose domains can be loaded. */
export interface Workspace {
  readonly folder: string
  /** Loads a domain at the first call and keeps it. Throws a GuardhouseError that names file and place. */
  domain(name: string): DomainSnapshot
}

/** Everything that a domain's snapshot says about runs. */
export interface DomainSnapshot {
  readonly workspace: string
  readonly domain: string
  readonly files: SnapshotFiles
  readonly dispatch: DispatchTable
  readonly handlers: HandlerTable
  readonly vocabulary: Vocabulary
  /** One hash over all files that decide a run. */
  readonly hash: string
}

export interface LoadOptions {
  /** Refuse a domain whose published hashes do not hold, or that is not as it was sealed. */
  readonly strict?: boolean
}

/** Opens a workspace folder. Nothing is read before a domain is asked for. */
export function load(folder: string, options: LoadOptions = {}): Workspace {
  const loaded = new Map<string, DomainSnapshot>()
  return {
    folder,
    domain(name) {
      const known = loaded.get(name)
      if (known !== undefined) return known
      const snapshot = loadDomain(folder, name, options)
      loaded.set(name, snapshot)
      return snapshot
    },
  }
}

/** Recomputes the hashes that a domain publishes. */
export function verifyDomain({ workspace, domain, files }: DomainSnapshot): IntegrityCheck[] {
  return checkPublishedHashes(workspace, domain, files)
}

/** Records the present files of a domain as the approved ones, for the strict mode. Returns the path of the seal. */
export function seal({ workspace, domain, files }: DomainSnapshot): string {
  return sealDomain(workspace, domain, files)
}

function loadDomain(workspace: string, domain: string, options: LoadOptions): DomainSnapshot {
  if (!isFileName(domain)) {
    throw new GuardhouseError('bad-request', `the domain ${JSON.stringify(domain)} is a path, not a name`, {
      hint: `It names a folder in ${join(workspace, 'tokenized_snapshot')}.`,
    })
  }
  const files = readSnapshotFiles(workspace, domain)
  requireAttestation(domain, files)
  if (options.strict) requireIntegrity(workspace, domain, files)
  return {
    workspace,
    domain,
    files,
    dispatch: readDispatchTable(files.dispatch),
    handlers: readHandlerTable(files.handlers),
    vocabulary: Vocabulary.read(files.forward, files.reverse),
    hash: snapshotHash(files),
  }
}

/** The check of the reference: two stored texts that have to be equal. The texts of its errors are kept. */
function requireAttestation(domain: string, { metadata, attestation }: SnapshotFiles): void {
  const published = metadata.content.get('projection_hash')
  const attested = attestation.content.get('tokenized_projection_hash')
  if (!isTruthy(published) || !isTruthy(attested)) {
    throw new GuardhouseError(
      'not-allowed',
      `[${domain}] Trust verification failed: projection_hash or tokenized_projection_hash is empty.`,
      { hint: rebuildHint },
    )
  }
  if (published === attested) return
  const shown = (hash: JsonValue | undefined): string => `'${describeBare(hash ?? null)}'`
  throw new GuardhouseError(
    'not-allowed',
    `[${domain}] Snapshot integrity failure: metadata.projection_hash=${shown(published)} != ` +
      `attestation.tokenized_projection_hash=${shown(attested)}`,
    { hint: rebuildHint },
  )
}

function requireIntegrity(workspace: string, domain: string, files: SnapshotFiles): void {
  const wrong = checkPublishedHashes(workspace, domain, files).find(({ verdict }) => verdict === 'differs')
  if (wrong !== undefined) {
    throw new GuardhouseError(
      'not-allowed',
      `[${domain}] ${wrong.name} in ${wrong.path} is ${wrong.published}, but the files give ${wrong.computed ?? 'nothing'}`,
      { hint: rebuildHint },
    )
  }
  requireSeal(workspace, domain, files)
}
