import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alikeOnly, type FoldedGraph, foldGraph, type Unfolded } from './fold-graph.ts'
import type { GraphShape } from './graph-shape.ts'
import { topologicalOrder } from './topological-order.ts'

function shapeOf(nodeCount: number, edges: readonly (readonly [number, number])[]): GraphShape {
  return { hash: 'graph', folded: false, nodeCount, ends: Int32Array.from(edges.flat()) }
}

function fold(
  shape: GraphShape,
  sorts: readonly number[],
  { kinds, unfolded = () => 0 }: { kinds?: readonly string[]; unfolded?: (node: number) => Unfolded } = {},
): FoldedGraph {
  const same = Array.from({ length: shape.nodeCount }, () => 'work')
  return foldGraph({ shape, kinds: kinds ?? same, sorts: Int8Array.from(sorts), unfolded })
}

/** `0 → 1 → … → last`. */
function chain(length: number): GraphShape {
  return shapeOf(
    length,
    Array.from({ length: length - 1 }, (_, at) => [at, at + 1] as const),
  )
}

/** One node, `width` nodes of one layer, `width` of the next, one node. */
function twoLayers(width: number): GraphShape {
  const last = width * 2 + 1
  const edges = Array.from({ length: width }, (_, at) => [
    [0, 1 + at],
    [1 + at, 1 + width + at],
    [1 + width + at, last],
  ]).flat() as [number, number][]
  return shapeOf(last + 1, edges)
}

const graphs = fc.integer({ min: 1, max: 40 }).chain((nodeCount) =>
  fc.record({
    nodeCount: fc.constant(nodeCount),
    edges: fc.array(fc.tuple(fc.nat(nodeCount - 1), fc.nat(nodeCount - 1)), { maxLength: nodeCount * 3 }),
    sorts: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: nodeCount, maxLength: nodeCount }),
    kinds: fc.array(fc.constantFrom('a', 'b'), { minLength: nodeCount, maxLength: nodeCount }),
    levels: fc.array(fc.constantFrom<Unfolded[]>(0, 0, 0, 1, 2), { minLength: nodeCount, maxLength: nodeCount }),
  }),
)

describe('folding a graph', () => {
  it('puts what has ended before and what waits behind the one that runs into a box each', () => {
    const sorts = [0, 0, 0, 0, 0, 0, -1, 1, 1, 1, 1, 1]
    const { members } = fold(chain(12), sorts)
    expect(members).toEqual([[0], [1, 2, 3, 4, 5], [6], [7, 8, 9, 10], [11]])
  })

  it('folds a layer of nodes that do the same, and lets the one that failed stand alone', () => {
    const sorts = [0, 0, 0, 0, 0, 0, -1, 0, 0, 0]
    const { members } = fold(twoLayers(4), sorts, { unfolded: (node) => (node === 0 || node === 9 ? 0 : 1) })
    expect(members).toEqual([[0], [1, 2, 3, 4], [5, 7, 8], [6], [9]])
  })

  it('unfolds a box into those that are alike, and these into nodes', () => {
    const sorts = new Array<number>(10).fill(0)
    expect(fold(twoLayers(4), sorts).members).toHaveLength(3)
    expect(fold(twoLayers(4), sorts, { unfolded: () => 1 }).members).toHaveLength(4)
    expect(fold(twoLayers(4), sorts, { unfolded: (node) => (node < 5 ? 2 : 1) }).members).toHaveLength(7)
  })

  it('folds what runs only with many of its like', () => {
    const running = (width: number) => {
      const sorts = new Array<number>(width * 2 + 2).fill(0)
      return fold(twoLayers(width), sorts.fill(alikeOnly, 1, 1 + width * 2)).members.length
    }
    expect([running(7), running(8)]).toEqual([16, 4])
  })

  it('never lets a way lead out of a box and back into it', () => {
    // 1 and 3 have ended; 2, which lies between them on another way, has not.
    const shape = shapeOf(8, [
      [0, 1],
      [1, 2],
      [2, 3],
      [1, 3],
      [3, 4],
      [4, 5],
      [5, 6],
      [6, 7],
    ])
    const { unitOf } = fold(shape, [0, 0, -1, 0, 0, 0, 0, 0])
    expect(unitOf[1]).not.toBe(unitOf[3])
    expect(unitOf[3]).toBe(unitOf[6])
  })

  it('keeps every node in one box of its sort and every edge in the one between the boxes of its ends', () => {
    fc.assert(
      fc.property(graphs, ({ nodeCount, edges, sorts, kinds, levels }) => {
        const shape = shapeOf(nodeCount, edges)
        const folded = fold(shape, sorts, { kinds, unfolded: (node) => levels[node] ?? 0 })
        expect(folded.members.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: nodeCount }, (_, at) => at))
        for (const nodes of folded.members) {
          if (nodes.length > 1)
            expect(new Set(nodes.map((node) => sorts[node]))).toEqual(new Set([sorts[nodes[0] ?? 0]]))
          if (nodes.length > 1) for (const node of nodes) expect(levels[node]).not.toBe(2)
        }
        const within = edges.filter(([from, to]) => folded.unitOf[from] === folded.unitOf[to]).length
        expect(folded.edges.flat().length + within).toBe(edges.length)
        folded.edges.forEach((ofEdge, at) => {
          const [from, to] = [folded.shape.ends[at * 2], folded.shape.ends[at * 2 + 1]]
          for (const edge of ofEdge) {
            const [one = 0, other = 0] = edges[edge] ?? []
            expect([folded.unitOf[one], folded.unitOf[other]]).toEqual([from, to])
          }
        })
      }),
    )
  })

  it('makes no circle of a graph that has none', () => {
    fc.assert(
      fc.property(graphs, ({ nodeCount, edges, sorts, kinds, levels }) => {
        const onward = edges.filter(([from, to]) => from < to)
        const { shape } = fold(shapeOf(nodeCount, onward), sorts, { kinds, unfolded: (node) => levels[node] ?? 0 })
        expect(topologicalOrder(shape.nodeCount, shape.ends)).toHaveLength(shape.nodeCount)
      }),
    )
  })
})
