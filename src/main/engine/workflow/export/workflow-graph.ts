import { isObject, objectAt, textAt } from '../../json/value.ts'
import { readDeclaration } from '../governance/protocol-artifacts.ts'
import type { NodeReference } from '../snapshot/dispatch-table.ts'
import type { DomainSnapshot } from '../snapshot/load.ts'

export interface GraphNode {
  readonly id: string
  readonly kind: 'intent' | 'contract' | 'exit'
  readonly name: string
}

export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly status: string
}

/** A workflow as it is drawn. */
export interface WorkflowGraph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

/** The nodes and edges that a workflow declares, with its exits; where the declaration is not there, those of its tables. */
export function workflowGraph(snapshot: DomainSnapshot, workflow: string): WorkflowGraph {
  return declaredGraph(snapshot, workflow) ?? tabledGraph(snapshot, workflow)
}

function declaredGraph({ workspace }: DomainSnapshot, workflow: string): WorkflowGraph | null {
  const declaration = readDeclaration(workspace, 'workflows', workflow)
  const declared = declaration === null ? null : objectAt(declaration, 'nodes')
  if (declared === null) return null
  const nodes: GraphNode[] = []
  const edges: GraphEdge[] = []
  for (const [id, node] of declared) {
    if (!isObject(node)) continue
    const type = textAt(node, 'type')
    const kind = type === 'EXIT' ? 'exit' : type === 'CC' ? 'contract' : 'intent'
    nodes.push({ id, kind, name: textAt(node, 'fqdn_id') ?? '' })
    for (const [status, to] of objectAt(node, 'next') ?? [])
      if (typeof to === 'string') edges.push({ from: id, to, status })
  }
  return { nodes, edges: edges.filter(({ to }) => nodes.some(({ id }) => id === to)) }
}

function tabledGraph({ dispatch, vocabulary }: DomainSnapshot, workflow: string): WorkflowGraph {
  const address = vocabulary.addressOf(workflow) ?? -1
  const idOf = ({ address: node, key }: NodeReference): string => key ?? codeOf(vocabulary.nameOf(node))
  const nodes = new Map<string, GraphNode>()
  const edges: GraphEdge[] = []
  const start = dispatch.entries.get(address)?.start
  const waiting = start === undefined ? [] : [start]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const from = idOf(node)
    if (nodes.has(from)) continue
    const kind = dispatch.contracts.has(node.address) ? 'contract' : 'intent'
    nodes.set(from, { id: from, kind, name: vocabulary.nameOf(node.address) })
    for (const [condition, to] of dispatch.routing.get(address)?.get(node.address) ?? []) {
      edges.push({ from, to: idOf(to), status: codeOf(vocabulary.nameOf(condition)) })
      waiting.push(to)
    }
  }
  return { nodes: [...nodes.values()], edges }
}

function codeOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1)
}
