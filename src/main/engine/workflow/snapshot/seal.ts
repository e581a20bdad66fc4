import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GuardhouseError } from '../../../../shared/errors.ts'
import { canonicalHash } from '../../json/canonical-hash.ts'
import { parseJson } from '../../json/parse.ts'
import { printIndented } from '../../json/print.ts'
import { isObject, type JsonValue, objectAt, textAt } from '../../json/value.ts'
import type { SnapshotFiles } from './snapshot-files.ts'

/**
 * Our own seal over a domain: the hash of every file that decides a run, above all of the two tables that are executed,
 * which no published hash covers. It is a record of a state that somebody approved, not a signature: who can write the
 * snapshot can also write the seal.
 */
export function sealDomain(workspace: string, domain: string, files: SnapshotFiles): string {
  const hashes = hashesOf(files)
  const content: [string, JsonValue][] = [
    ['seal_version', 1],
    ['domain', domain],
    ['files', new Map(hashes)],
  ]
  content.push(['seal', canonicalHash(new Map(content))])
  const path = sealPath(workspace, domain)
  const draft = `${path}.draft`
  writeFileSync(draft, `${printIndented(new Map(content))}\n`)
  renameSync(draft, path)
  return path
}

/** Throws a GuardhouseError when a domain is not sealed, or a file is not the one that was sealed. */
export function requireSeal(workspace: string, domain: string, files: SnapshotFiles): void {
  const path = sealPath(workspace, domain)
  if (!existsSync(path)) {
    throw new GuardhouseError('not-found', `[${domain}] is not sealed: ${path} is missing`, { hint: sealHint })
  }
  const sealed = readSeal(path)
  for (const [part, sha256] of hashesOf(files)) {
    if (sealed.get(part) === sha256) continue
    const { path: changed } = files[part]
    throw new GuardhouseError('not-allowed', `[${domain}] is not what was sealed: ${changed} has another content`, {
      hint: sealHint,
    })
  }
}

export function sealPath(workspace: string, domain: string): string {
  return join(workspace, 'trust_snapshot', domain, 'guardhouse_seal.json')
}

const sealHint = 'look at what changed, then seal the domain again, or run without the strict mode'

function hashesOf(files: SnapshotFiles): [keyof SnapshotFiles, string][] {
  return sealedParts.map((part) => [part, files[part].sha256])
}

const sealedParts = ['dispatch', 'handlers', 'metadata', 'attestation', 'forward', 'reverse'] as const

function readSeal(path: string): ReadonlyMap<string, JsonValue> {
  const seal = parseJson(readFileSync(path, 'utf8'))
  const files = isObject(seal) ? objectAt(seal, 'files') : null
  if (!isObject(seal) || files === null) throw broken(path)
  const content = new Map([...seal].filter(([key]) => key !== 'seal'))
  if (textAt(seal, 'seal') !== canonicalHash(content)) throw broken(path)
  return files
}

function broken(path: string): GuardhouseError {
  return new GuardhouseError('not-allowed', `The seal itself was edited: ${path}`, { hint: sealHint })
}
