import type { SealedGraph } from '../../../../shared/model/workflow-graph.ts'

/** What becomes of nodes when a node was left. */
export interface Decided {
  /** Nodes that run now, by position, in the order of the file's edges. */
  readonly entered: readonly number[]
  /** Positions of the edges that were taken. */
  readonly taken: readonly number[]
}

/**
 * Keeps count of the edges into every node. A node is decided once every edge into it is: taken, or known never to be. What is
 * not entered decides its own edges in turn, so that a join behind a branch that was not gone never waits for it.
 */
export class GraphJoins {
  readonly #graph: SealedGraph
  readonly #outgoing: readonly (readonly number[])[]
  readonly #into: readonly number[]
  readonly #undecided: number[]
  readonly #takenInto: number[]

  constructor(graph: SealedGraph) {
    this.#graph = graph
    const outgoing = graph.nodes.map((): number[] => [])
    const into = graph.nodes.map(() => 0)
    graph.edges.forEach(({ from, to }, edge) => {
      outgoing[from]?.push(edge)
      into[to] = (into[to] ?? 0) + 1
    })
    this.#outgoing = outgoing
    this.#into = into
    this.#undecided = [...into]
    this.#takenInto = graph.nodes.map(() => 0)
  }

  /** True when an edge of that name leads away from the node. */
  hasEdge(node: number, outcome: string): boolean {
    return this.#outgoing[node]?.some((edge) => this.#graph.edges[edge]?.outcome === outcome) ?? false
  }

  /** The node was left with this outcome. */
  leave(node: number, outcome: string): Decided {
    const taken: number[] = []
    const entered: number[] = []
    // Outcome null: the node was never entered.
    const left: { node: number; outcome: string | null }[] = [{ node, outcome }]
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      for (const edge of this.#outgoing[next.node] ?? []) {
        const { to, outcome: name } = this.#edge(edge)
        const isTaken = name === next.outcome
        if (isTaken) taken.push(edge)
        const runs = this.#decide(to, isTaken)
        if (runs === true) entered.push(to)
        else if (runs === false) left.push({ node: to, outcome: null })
      }
    }
    return { entered, taken }
  }

  /** Whether the node runs; null while other edges into it are undecided. */
  #decide(node: number, taken: boolean): boolean | null {
    const undecided = (this.#undecided[node] ?? 0) - 1
    const takenInto = (this.#takenInto[node] ?? 0) + (taken ? 1 : 0)
    this.#undecided[node] = undecided
    this.#takenInto[node] = takenInto
    if (undecided > 0) return null
    return this.#graph.nodes[node]?.join === 'all' ? takenInto === this.#into[node] : takenInto > 0
  }

  #edge(position: number): SealedGraph['edges'][number] {
    const edge = this.#graph.edges[position]
    if (edge === undefined) throw new Error(`edge ${position} of ${this.#graph.name} is not there`)
    return edge
  }
}
