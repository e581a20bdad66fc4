import { describe, expect, it } from 'vitest'
import { layeredLayout } from './layered-layout.ts'
import { onward } from './topological-order.ts'

describe('the order of a graph', () => {
  it('leaves out edges that close a circle, and only these', () => {
    // 0 → 1 → 2 → 1, 2 → 3
    const ends = Int32Array.from([0, 1, 1, 2, 2, 1, 2, 3])
    const open = onward(4, ends)
    expect([...open.ends]).toEqual([0, 1, 1, 2, 2, 3])
    expect(open.order).toEqual([0, 1, 2, 3])
  })

  it('lays out a graph that is one circle from its first node on', () => {
    const ends = Int32Array.from([0, 1, 1, 2, 2, 0])
    const { places } = layeredLayout({ hash: 'circle', folded: false, nodeCount: 3, ends })
    expect([places[0], places[2], places[4]]).toEqual([0, 240, 480])
  })
})
