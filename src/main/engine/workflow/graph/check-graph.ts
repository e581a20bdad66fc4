import { checkPaths } from './check-paths.ts'
import type { GraphDeclaration, NodeDeclaration, Reference } from './declaration.ts'
import { GraphShape } from './graph-shape.ts'
import type { SourceDocument } from './source-document.ts'
import { suggestion } from './suggestion.ts'

/** Checks what a shape alone cannot show: names that are there, ways that end, paths that reach something. */
export function checkGraph(
  source: SourceDocument,
  graph: GraphDeclaration,
  operations: readonly string[] | null,
): void {
  const ids = new Set(graph.nodes.map(({ id }) => id))
  const known = operations === null ? null : new Set(operations)
  if (known !== null) for (const node of graph.nodes) checkOperation(source, node, known)
  for (const { id, next } of graph.nodes) {
    for (const { outcome, target } of next) checkTarget(source, target, ids, `edge ${outcome} of node ${id}`)
    checkDuplicateEdges(source, id, next)
  }
  for (const reference of graph.start ?? []) checkTarget(source, reference, ids, '`start`')
  const shape = shapeOf(graph)
  const cycle = shape.cycle()
  if (cycle !== null) return reportCycle(source, graph, cycle)
  checkReach(source, graph, shape)
  checkPaths(source, graph, shape)
}

export function shapeOf({ nodes }: GraphDeclaration): GraphShape {
  return new GraphShape(
    nodes.map(({ id }) => id),
    nodes.flatMap(({ id, next }) => next.map(({ target }) => [id, target.name] as const)),
  )
}

function checkOperation(source: SourceDocument, { id, operation }: NodeDeclaration, known: ReadonlySet<string>): void {
  if (operation.name === '' || known.has(operation.name)) return
  source.problem(
    operation.place,
    `node ${id} runs "${operation.name}", an operation that is not in the workspace`,
    suggestion(operation.name, known),
  )
}

function checkTarget(source: SourceDocument, { name, place }: Reference, ids: ReadonlySet<string>, what: string): void {
  if (ids.has(name)) return
  source.problem(place, `${what} leads to "${name}", a node that is not there`, suggestion(name, ids))
}

function checkDuplicateEdges(source: SourceDocument, id: string, next: NodeDeclaration['next']): void {
  const seen = new Set<string>()
  for (const { outcome, target } of next) {
    const key = `${outcome}\0${target.name}`
    if (seen.has(key)) source.problem(target.place, `node ${id} has its edge ${outcome} to ${target.name} twice`)
    seen.add(key)
  }
}

function reportCycle(source: SourceDocument, { nodes }: GraphDeclaration, cycle: readonly string[]): void {
  const last = nodes.find(({ id }) => id === cycle.at(-2))
  const back = last?.next.find(({ target }) => target.name === cycle[0])
  const hint = 'A workflow ends: take the edge away, or do what repeats inside one operation.'
  source.problem(back?.target.place ?? last?.place, `the edges go round in a circle: ${cycle.join(' → ')}`, hint)
}

function checkReach(source: SourceDocument, graph: GraphDeclaration, shape: GraphShape): void {
  if (graph.start === null) return
  const reached = shape.reachableFrom(graph.start.map(({ name }) => name))
  for (const { id, place } of graph.nodes) {
    if (reached.has(id)) continue
    const hint = 'Lead an edge to it, add it to `start`, or take it out.'
    source.problem(place, `node ${id} is never reached: no way leads to it from \`start\``, hint)
  }
  for (const { name, place } of graph.start) {
    if (shape.before(name).length > 0) source.problem(place, `node ${name} is in \`start\`, yet edges lead to it`)
  }
}
