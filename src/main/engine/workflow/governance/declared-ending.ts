import { emptyObject, isObject, type JsonObject, objectAt, textAt } from '../../json/value.ts'
import type { NodeReference } from '../snapshot/dispatch-table.ts'
import type { DomainSnapshot } from '../snapshot/load.ts'
import { readDeclaration } from './protocol-artifacts.ts'

/**
 * Whether a workflow declares that a run ends at a node with a status. The tables do not say: an edge to an exit and an
 * edge that was forgotten look the same in them. `unknown`: the declaration of the workflow is not there, or cannot be read.
 */
export function declaredEnding(
  { workspace, vocabulary }: DomainSnapshot,
  workflow: string,
  { address, key }: NodeReference,
  status: string,
): 'declared' | 'missing' | 'unknown' {
  const nodes = nodesOf(workspace, workflow)
  if (nodes === null) return 'unknown'
  const places = key === null ? placesOf(nodes, vocabulary.nameOf(address)) : [objectAt(nodes, key)]
  const known = places.filter((place) => place !== null)
  if (known.length === 0) return 'unknown'
  return known.some((place) => leadsToExit(nodes, place, status)) ? 'declared' : 'missing'
}

function leadsToExit(nodes: JsonObject, place: JsonObject, status: string): boolean {
  const edges = objectAt(place, 'next') ?? emptyObject
  const target = textAt(edges, status) ?? textAt(edges, 'default')
  const led = target === null ? null : objectAt(nodes, target)
  return target === 'EXIT' || (led !== null && textAt(led, 'type') === 'EXIT')
}

function nodesOf(workspace: string, workflow: string): JsonObject | null {
  try {
    const declaration = readDeclaration(workspace, 'workflows', workflow)
    return declaration === null ? null : objectAt(declaration, 'nodes')
  } catch {
    // A declaration that cannot be read says nothing; it was not needed to run.
    return null
  }
}

/** Where a contract or an intent stands; the tables of the older dialect do not tell several places apart. */
function placesOf(nodes: JsonObject, name: string): JsonObject[] {
  const code = name.slice(name.lastIndexOf('::') + 2)
  return [...nodes.values()]
    .filter(isObject)
    .filter((node) => textAt(node, 'fqdn_id') === name || textAt(node, 'code') === code)
}
