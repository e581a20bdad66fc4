import { expect, it } from 'vitest'
import { edgesInColumns } from './edge-columns.ts'
import { RunColumns, type RunShape } from './run-columns.ts'

const declared = [
  { from: 0, to: 2, outcome: 'success' },
  { from: 0, to: 1, outcome: 'success' },
  { from: 1, to: 3, outcome: 'success' },
  { from: 1, to: 3, outcome: 'failure' },
  { from: 2, to: 3, outcome: 'success' },
]
const shape: RunShape = {
  nodes: ['read', 'clean', 'count', 'write'].map((id) => ({ id, name: `sample.${id}`, kind: 'contract', join: 'all' })),
  edges: edgesInColumns(declared),
}

function edgesOf({ edges }: RunColumns) {
  const { from, to, outcome, outcomes } = edges
  return from.toArray().map((each, at) => ({ from: each, to: to.at(at), outcome: outcomes.text(outcome.at(at)) }))
}

/** Reads, then cleans, then takes an edge to a node that no declaration has. */
function walk(columns: RunColumns): void {
  const node = (id: string) => columns.node(id, id, 'contract')
  for (const id of ['clean', 'read', 'clean']) columns.enter(node(id), 0, -1, 0)
  columns.take(node('clean'), node('write'), 'failure')
  columns.take(node('clean'), node('write'), 'failure')
  columns.take(node('read'), node('elsewhere'), 'success')
}

it('is the same whether the graph is declared before its run is read or behind it', () => {
  const [before, behind] = [new RunColumns(), new RunColumns()]
  before.declare(shape)
  walk(before)
  walk(behind)
  behind.declare(shape)
  for (const columns of [before, behind]) {
    const { nodes, edges, visitNode } = columns
    expect(nodes.map(({ id }) => id)).toEqual(['read', 'clean', 'count', 'write', 'elsewhere'])
    expect(nodes[0]).toEqual(shape.nodes[0])
    expect(edgesOf(columns)).toEqual([...declared, { from: 0, to: 4, outcome: 'success' }])
    expect(edges.taken.toArray()).toEqual([0, 0, 0, 2, 0, 1])
    expect([0, 1, 2].map((visit) => visitNode.at(visit))).toEqual([1, 0, 1])
  }
})

it('tells every edge of a graph with thousands apart', () => {
  const columns = new RunColumns()
  const nodes = Array.from({ length: 80 }, (_, at) => columns.node(`n${at}`, `n${at}`, 'contract'))
  for (const from of nodes) for (const to of nodes) columns.take(from, to, 'success')
  for (const from of nodes) for (const to of nodes) columns.take(from, to, from < to ? 'success' : 'failure')
  expect(columns.edges).toHaveLength(6400 + 80 * 81 * 0.5)
  expect(columns.edges.taken.toArray().filter((times) => times === 2)).toHaveLength(80 * 79 * 0.5)
})
