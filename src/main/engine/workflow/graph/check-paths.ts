import type { GraphDeclaration, NodeDeclaration, PlacedTemplate, Reference } from './declaration.ts'
import { parsePath, textsOf } from './graph-path.ts'
import type { GraphShape } from './graph-shape.ts'
import type { Place, SourceDocument } from './source-document.ts'
import { suggestion } from './suggestion.ts'

interface PathSurroundings {
  readonly source: SourceDocument
  readonly graph: GraphDeclaration
  readonly shape: GraphShape
}

/** Checks every path of a workflow: that it can be read, and that what it reaches is there when it is needed. */
export function checkPaths(source: SourceDocument, graph: GraphDeclaration, shape: GraphShape): void {
  const at = { source, graph, shape }
  for (const node of graph.nodes) {
    for (const input of node.inputs) checkTemplate(at, input, node, node.each !== null)
    if (node.each !== null) checkEach(at, node.each, node)
    if (node.outcome !== null) checkOutcome(at, node.outcome)
  }
  if (graph.result !== null) checkTemplate(at, graph.result, null, false)
}

function checkTemplate(
  at: PathSurroundings,
  { value, node: place }: PlacedTemplate,
  node: NodeDeclaration | null,
  hasItem: boolean,
): void {
  for (const text of textsOf(value)) checkPath(at, text, place, node, hasItem)
}

function checkEach(at: PathSurroundings, { value, node: place }: PlacedTemplate, node: NodeDeclaration): void {
  if (typeof value === 'string' && value.startsWith('$.')) checkPath(at, value, place, node, false)
  else if (!Array.isArray(value)) at.source.problem(place, `\`each\` of node ${node.id} must be a path to a list`)
  else
    at.source.problem(place, `\`each\` of node ${node.id} must be a path, not a list`, 'Give the list in the payload.')
}

function checkOutcome({ source, graph }: PathSurroundings, { name, place }: Reference): void {
  if (/^\$\.result\.[^.]+(\.[^.]+)*$/.test(name)) return checkOutcomeIsOpen(source, graph, name, place)
  const hint = 'Such as $.result.status: a path into what the operation returns.'
  source.problem(place, `\`outcome\` must be a path into the result, not "${name}"`, hint)
}

/** An outcome is the name of an edge, which is written down. */
function checkOutcomeIsOpen(source: SourceDocument, graph: GraphDeclaration, name: string, place: Place): void {
  const fields = graph.payload?.filter(({ secret }) => secret === true) ?? []
  const secrets = [...graph.secrets, ...fields].map((each) => each.name)
  // With a dot on both sides a name is found as whole keys only.
  const secret = secrets.find((each) => `${name}.`.includes(`.${each}.`))
  if (secret === undefined) return
  const hint = 'An outcome names an edge and is seen by everybody: take it from another key.'
  source.problem(place, `\`outcome\` is taken from "${secret}", which is declared to be secret`, hint)
}

function checkPath(
  at: PathSurroundings,
  text: string,
  place: Place,
  node: NodeDeclaration | null,
  hasItem: boolean,
): void {
  const { source, graph } = at
  const path = parsePath(text)
  if (path === null) return
  if (typeof path === 'string') {
    const hint = 'A text that is meant to begin with $. is written with $$. in front.'
    return source.problem(place, path, hint)
  }
  const { root, keys } = path
  if (root.kind === 'item') {
    if (!hasItem) source.problem(place, `${text} has no item to reach`, 'Only inputs of a node with `each` have one.')
  } else if (root.kind === 'payload') checkPayloadKey(source, graph, text, keys[0], place)
  else checkNode(at, text, root.node, place, node)
}

function checkPayloadKey(
  source: SourceDocument,
  { payload }: GraphDeclaration,
  text: string,
  key: string | undefined,
  place: Place,
): void {
  const known = payload?.map(({ name }) => name)
  if (known === undefined || key === undefined || known.includes(key)) return
  source.problem(place, `${text} reaches "${key}", which the payload does not declare`, suggestion(key, known))
}

function checkNode(
  { source, shape }: PathSurroundings,
  text: string,
  id: string,
  place: Place,
  node: NodeDeclaration | null,
): void {
  if (!shape.has(id)) {
    return source.problem(place, `${text} reaches node "${id}", which is not there`, suggestion(id, shape.names()))
  }
  if (node === null || shape.isBefore(id, node.id)) return
  const message =
    id === node.id
      ? `${text} reaches the node's own result`
      : `${text} reaches node ${id}, which does not run before ${node.id}`
  source.problem(place, message, `Nodes before ${node.id}: ${shape.before(node.id).join(', ') || 'none'}.`)
}
