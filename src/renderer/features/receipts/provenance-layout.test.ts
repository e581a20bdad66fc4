import { expect, it } from 'vitest'
import type { ReceiptGraph } from '../../../shared/model/receipt.ts'
import { layOut } from './provenance-layout.ts'

function graph(ids: string, links: readonly (readonly [string, string, 'parent' | 'called'])[]): ReceiptGraph {
  const nodes = [...ids].map((id) => ({ id }) as ReceiptGraph['nodes'][number])
  return { nodes, links: links.map(([from, to, kind]) => ({ from, to, kind })), cut: false }
}

it('stands ancestors left and descendants right of the open receipt, callers left of what they called', () => {
  const { nodes, columns, rows } = layOut(
    graph('cbade', [
      ['c', 'b', 'parent'],
      ['b', 'a', 'parent'],
      ['d', 'b', 'parent'],
      ['b', 'e', 'called'],
    ]),
    'b',
  )
  expect(Object.fromEntries(nodes.map(({ id, column, row }) => [id, [column, row]]))).toEqual({
    a: [0, 0],
    b: [1, 0],
    c: [2, 0],
    d: [2, 1],
    e: [2, 2],
  })
  expect([columns, rows]).toEqual([3, 3])
})
