import { describe, expect, it } from 'vitest'
import { graphKey, nextInDirection } from './graph-keys.ts'

const bare = { ctrlKey: false, metaKey: false, altKey: false }

describe('keys on a graph', () => {
  it('leaves keys with Ctrl, Alt or Meta to others', () => {
    expect(graphKey({ ...bare, key: 'F' })).toEqual({ act: 'fit' })
    expect(graphKey({ ...bare, key: 'f', ctrlKey: true })).toBeNull()
    expect(graphKey({ ...bare, key: 'q' })).toBeNull()
  })

  it('goes to the nearest node in the direction, rather ahead than aside', () => {
    // Two columns: 0 and 1 below each other, 2 and 3 at their right, 4 far at the right.
    const places = Float32Array.from([0, 0, 0, 56, 240, 0, 240, 56, 480, 300])
    const layout = { places, lanes: new Map(), width: 656, height: 340 }
    expect(nextInDirection(layout, 0, 1, 0)).toBe(2)
    expect(nextInDirection(layout, 1, 1, 0)).toBe(3)
    expect(nextInDirection(layout, 3, 0, -1)).toBe(2)
    expect(nextInDirection(layout, 3, -1, 0)).toBe(1)
    expect(nextInDirection(layout, 0, -1, 0)).toBe(-1)
  })
})
