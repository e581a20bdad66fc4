import type { ReceiptGraph } from '../../../shared/model/receipt.ts'

export interface PlacedNode {
  readonly id: string
  /** Column from the left, row from the top, both from 0. */
  readonly column: number
  readonly row: number
}

export interface Layout {
  readonly nodes: readonly PlacedNode[]
  readonly columns: number
  readonly rows: number
}

/**
 * Places receipts in columns: what a receipt rests on stands left of it, what rests on it right; what called it left, what
 * it called right. Distances are counted from the open receipt, so that it stands where its neighbours are.
 */
export function layOut({ nodes, links }: ReceiptGraph, current: string): Layout {
  const depths = new Map<string, number>([[current, 0]])
  for (const id of depths.keys()) {
    const depth = depths.get(id) ?? 0
    for (const { from, to, kind } of links) {
      // The caller stands left of whom it called; for the other kinds `to` is what came before.
      const [left, right] = kind === 'called' ? [from, to] : [to, from]
      if (left === id && !depths.has(right)) depths.set(right, depth + 1)
      if (right === id && !depths.has(left)) depths.set(left, depth - 1)
    }
  }
  const least = Math.min(...depths.values())
  const filled = new Map<number, number>()
  const placed = nodes.map(({ id }) => {
    const column = (depths.get(id) ?? 0) - least
    const row = filled.get(column) ?? 0
    filled.set(column, row + 1)
    return { id, column, row }
  })
  return {
    nodes: placed,
    columns: Math.max(0, ...placed.map((node) => node.column)) + 1,
    rows: Math.max(0, ...filled.values()),
  }
}
