import { describe, expect, it } from 'vitest'
import { type GraphShape, nodeSize } from './graph-shape.ts'
import { lanePath } from './lane-path.ts'
import { layeredLayout } from './layered-layout.ts'

const shapeOf = (nodeCount: number, ...ends: number[]): GraphShape => ({
  ...{ hash: ends.join(' '), folded: true, nodeCount },
  ends: Int32Array.from(ends),
})

describe('a layered layout', () => {
  it('keeps a lane free for an edge that passes layers, in each of them', () => {
    // 0 to 1 to 2 to 3 one after the other, and from 0 to 3 past them.
    const { places, lanes, height } = layeredLayout(shapeOf(4, 0, 1, 1, 2, 2, 3, 0, 3))
    expect([...lanes.keys()]).toEqual([3])
    const passed = lanes.get(3) ?? []
    expect(passed.map(({ x }) => x)).toEqual([places[2], places[4]])
    for (const [at, { y }] of passed.entries()) {
      const top = places[(at + 1) * 2 + 1] ?? 0
      expect(y < top || y > top + nodeSize.height).toBe(true)
      expect(y >= 0 && y <= height).toBe(true)
    }
  })

  it('puts nodes of a layer at equal distances where nothing passes, and knows edges that lead back', () => {
    const { places, lanes, height } = layeredLayout(shapeOf(4, 0, 1, 0, 2, 0, 3, 3, 0))
    expect([places[3], places[5], places[7]].toSorted((a = 0, b = 0) => a - b)).toEqual([0, 56, 112])
    expect([height, lanes.size]).toEqual([152, 0])
  })

  it('leads an edge straight through its lanes', () => {
    expect(lanePath({ x: 0, y: 10 }, { x: 400, y: 30 }, [{ x: 100, y: 20 }])).toBe(
      'M0 10C50 10 50 20 100 20H276C338 20 338 30 400 30',
    )
  })
})
