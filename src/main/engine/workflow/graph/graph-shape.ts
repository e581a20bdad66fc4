/** The bare graph: who follows whom. Nodes are names. */
export class GraphShape {
  readonly #after: ReadonlyMap<string, readonly string[]>
  readonly #into: ReadonlyMap<string, readonly string[]>

  /** Edges that lead to or from an unknown node do not count. */
  constructor(nodes: readonly string[], edges: readonly (readonly [from: string, to: string])[]) {
    const after = new Map(nodes.map((node) => [node, [] as string[]]))
    const into = new Map(nodes.map((node) => [node, [] as string[]]))
    for (const [from, to] of edges) {
      if (!after.has(from) || !into.has(to)) continue
      after.get(from)?.push(to)
      into.get(to)?.push(from)
    }
    this.#after = after
    this.#into = into
  }

  /** Nodes without an edge into them, in the order of the file. */
  roots(): string[] {
    return [...this.#into].filter(([, from]) => from.length === 0).map(([node]) => node)
  }

  /** Every node that some way leads from to `node`. */
  before(node: string): readonly string[] {
    return [...closure(this.#into.get(node) ?? [], this.#into)]
  }

  isBefore(node: string, other: string): boolean {
    // Outwards from `other`: what is asked for is nearly always one edge away.
    const seen = new Set(this.#into.get(other))
    for (const each of seen) {
      if (each === node) return true
      for (const from of this.#into.get(each) ?? []) seen.add(from)
    }
    return false
  }

  has(node: string): boolean {
    return this.#after.has(node)
  }

  names(): readonly string[] {
    return [...this.#after.keys()]
  }

  reachableFrom(starts: readonly string[]): ReadonlySet<string> {
    return closure(starts, this.#after)
  }

  /** One cycle, from a node back to it, such as `a, b, a`; null when there is none. */
  cycle(): readonly string[] | null {
    const state = new Map<string, 'open' | 'done'>()
    for (const start of this.#after.keys()) {
      const found = this.#cycleFrom(start, state)
      if (found !== null) return found
    }
    return null
  }

  /** Depth first with a stack of its own: a chain of thousands of nodes must not end in an overflow. */
  #cycleFrom(start: string, state: Map<string, 'open' | 'done'>): readonly string[] | null {
    if (state.has(start)) return null
    const path: { readonly node: string; next: number }[] = [{ node: start, next: 0 }]
    state.set(start, 'open')
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const follower = this.#after.get(top.node)?.[top.next++]
      if (follower === undefined) {
        state.set(top.node, 'done')
        path.pop()
      } else if (state.get(follower) === 'open') {
        const names = path.map(({ node }) => node)
        return [...names.slice(names.indexOf(follower)), follower]
      } else if (!state.has(follower)) {
        state.set(follower, 'open')
        path.push({ node: follower, next: 0 })
      }
    }
    return null
  }
}

function closure(starts: readonly string[], follow: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const seen = new Set(starts)
  for (const node of seen) for (const next of follow.get(node) ?? []) seen.add(next)
  return seen
}
