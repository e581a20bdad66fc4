import { describe, expect, it } from 'vitest'
import { movedBy } from './row-alignment.ts'

const known = new Map([
  ['a', 10],
  ['b', 11],
  ['c', 12],
])

describe('movedBy', () => {
  it('counts the rows that came above', () => {
    expect(movedBy(known, ['x', 'y', 'a', 'b', 'c'], 10, 10)).toBe(2)
    expect(movedBy(known, ['a', 'b', 'c'], 10, 10)).toBe(0)
    expect(movedBy(known, ['c', 'd'], 10, 10)).toBe(-2)
  })

  it('looks at the row nearest to the one that must not move', () => {
    // b left the list: above it nothing moved, below it everything by one.
    expect(movedBy(known, ['a', 'c', 'd'], 10, 10)).toBe(0)
    expect(movedBy(known, ['a', 'c', 'd'], 10, 12)).toBe(-1)
  })

  it('cannot say when nothing is known of the new rows', () => {
    expect(movedBy(known, ['x', 'y'], 10, 10)).toBeNull()
  })
})
