import type { GraphProblem, SealedGraph } from '../../../../shared/model/workflow-graph.ts'
import { checkGraph, shapeOf } from './check-graph.ts'
import type { GraphDeclaration } from './declaration.ts'
import { readDeclaration } from './read-declaration.ts'
import { sealOf } from './seal-of.ts'
import { SourceDocument } from './source-document.ts'

/** A workflow's file as it was read: sealed when nothing is wrong with it. */
export type LoadedGraph =
  | { readonly graph: SealedGraph; readonly hash: string; readonly problems: readonly [] }
  /** `name` is null when not even that can be read. */
  | { readonly graph: null; readonly name: string | null; readonly problems: readonly GraphProblem[] }

/**
 * Reads, checks and seals one workflow. Never throws: what is wrong comes back with its place. `operations` are the names
 * that nodes may use; null leaves them unchecked.
 */
export function loadGraph(text: string, operations: readonly string[] | null): LoadedGraph {
  const source = new SourceDocument(text)
  // What a parser makes of a broken text would only be reported a second time.
  const declaration = source.problems.length === 0 ? readDeclaration(source) : null
  if (declaration !== null && source.problems.length === 0) checkGraph(source, declaration, operations)
  if (declaration === null || source.problems.length > 0) {
    return { graph: null, name: declaration?.name || null, problems: source.problems }
  }
  const graph = sealed(declaration)
  return { graph, hash: sealOf(graph), problems: [] }
}

function sealed(declaration: GraphDeclaration): SealedGraph {
  const { nodes, start } = declaration
  const positions = new Map(nodes.map(({ id }, position) => [id, position]))
  const positionOf = (name: string) => positions.get(name) ?? -1
  return {
    format: 'guardhouse-graph/1',
    name: declaration.name,
    description: declaration.description,
    payload: declaration.payload,
    nodes: nodes.map(({ id, operation, description, inputs, each, outcome, join, timeout }) => ({
      id,
      operation: operation.name,
      description,
      inputs: inputs.map(({ value }) => value),
      each: each === null ? null : String(each.value),
      outcome: outcome?.name ?? null,
      join,
      timeout,
    })),
    edges: nodes.flatMap(({ next }, from) =>
      next.map(({ outcome, target }) => ({ from, to: positionOf(target.name), outcome })),
    ),
    starts: (start?.map(({ name }) => name) ?? shapeOf(declaration).roots()).map(positionOf),
    result: declaration.result?.value ?? null,
    timeout: declaration.timeout,
    ...(declaration.secrets.length === 0 ? {} : { secrets: declaration.secrets.map(({ name }) => name) }),
  }
}
