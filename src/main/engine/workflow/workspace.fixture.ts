import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { canonicalHash, sha256Hex } from '../json/canonical-hash.ts'
import { parseJson } from '../json/parse.ts'

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

/** A folder that is gone when it is disposed of. */
export interface TemporaryFolder extends Disposable {
  readonly path: string
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'guardhouse-workflow-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** The tables of a made-up domain, as a compiler would leave them. */
export interface MadeUpTables {
  readonly dispatch: Plain
  readonly handlers: Plain
  /** Names in the order of their addresses from 0; statuses get theirs behind them. */
  readonly names: readonly string[]
  readonly statuses?: readonly string[]
}

/** Writes the snapshot of a domain with hashes that hold. */
export function writeSnapshot(workspace: string, domain: string, tables: MadeUpTables): void {
  const reverse: Record<string, string> = {}
  for (const [address, name] of tables.names.entries()) reverse[name] = hex(address)
  for (const [index, status] of (tables.statuses ?? madeUpStatuses).entries()) {
    reverse[`outcome::${status}`] = hex(0x5000 + index)
    reverse[`transition::${status}`] = hex(conditionOf(status, tables.statuses))
  }
  const forward = Object.fromEntries(Object.entries(reverse).map(([name, address]) => [address, name]))
  const topology = { adjacency: {}, edges: [], nodes: [] }
  const projection = hashOf(topology)
  const vocabularyHash = hashOf({ forward, reverse })
  const sorted = Object.entries(reverse).sort(([left], [right]) => (left < right ? -1 : 1))
  const addressHash = hashOf(sorted.map(([name, address]) => [name, Number(address)]))
  const write = (area: string, name: string, content: Plain): void =>
    writeText(join(workspace, area, domain, name), JSON.stringify(content, null, 2))
  write('tokenized_snapshot', 'dispatch.json', tables.dispatch)
  write('tokenized_snapshot', 'handlers.json', tables.handlers)
  write('tokenized_snapshot', 'topology.json', { ...topology, projection_class: 'machine_projection' })
  write('tokenized_snapshot', 'metadata.json', {
    projection_hash: projection,
    vocabulary_hash: vocabularyHash,
    graph_address_hash: addressHash,
  })
  write('trust_snapshot', 'structure_attestation.json', {
    tokenized_projection_hash: projection,
    attestation_hash: sha256Hex(projection),
  })
  write('vocabulary_snapshot', 'forward.json', forward)
  write('vocabulary_snapshot', 'reverse.json', reverse)
  write('vocabulary_snapshot', 'metadata.json', { projection_hash: vocabularyHash, graph_address_hash: addressHash })
}

export const madeUpStatuses = ['ACK', 'NACK', 'SUCCESS', 'VIOLATION', 'ALREADY_EXISTS', 'NOT_FOUND', 'BACKEND_ERROR']

/** The address of the condition under which a status leaves a node. */
export function conditionOf(status: string, statuses: readonly string[] = madeUpStatuses): number {
  return 0x6000 + statuses.indexOf(status)
}

/** A transform program of one atom with the given arguments and one output. */
export function oneAtom(name: string, args: readonly string[], output: string): Plain {
  return {
    ct_ir: {
      atom_stream: [
        {
          atom: name,
          handler_ref: { module: `pgs_transforms.implementation.transforms.atoms.${name}`, callable: 'execute' },
          args: Object.fromEntries(args.map((argument) => [argument, `$.inputs.${argument}`])),
          out: 'result',
        },
      ],
      outputs: { [output]: { from: 'result' } },
    },
  }
}

/** A side effect of the persistent family. */
export function sideEffect(code: string, callable: string, family = 'persistent'): Plain {
  const module = `pgs_side_effects.implementation.side_effects.${family}.${code}.runtime`
  return { handler_ref: { module, callable }, cs_metadata: { capability: {} } }
}

export function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function hex(address: number): string {
  return `0x${address.toString(16).toUpperCase().padStart(4, '0')}`
}

function hashOf(value: Plain): string {
  return canonicalHash(parseJson(JSON.stringify(value)))
}
