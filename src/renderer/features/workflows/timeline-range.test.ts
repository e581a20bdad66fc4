import { describe, expect, it } from 'vitest'
import { shifted, ticksOf, zoomed } from './timeline-range.ts'

describe('the part of a run that a timeline shows', () => {
  it('keeps the moment under the pointer where it is while it is zoomed', () => {
    const [from = 0, to = 0] = zoomed([200, 600], 1000, 0.5, 300) ?? []
    expect([from, to]).toEqual([250, 450])
    expect((300 - 200) / 400).toBe((300 - from) / (to - from))
  })

  it('stays within the run', () => {
    expect(zoomed([0, 100], 1000, 2, 0)).toEqual([0, 200])
    expect(zoomed([900, 1000], 1000, 2, 1000)).toEqual([800, 1000])
    expect(shifted([900, 1000], 1000, 0.5)).toEqual([900, 1000])
    expect(shifted([10, 110], 1000, -0.5)).toEqual([0, 100])
  })

  it('is all of the run again when it would be longer', () => {
    expect(zoomed([200, 800], 1000, 2, 500)).toBeNull()
    expect(shifted(null, 1000, 0.5)).toBeNull()
  })

  it('is ticked at round moments', () => {
    expect(ticksOf(0, 1000, 5)).toEqual([0, 200, 400, 600, 800, 1000])
    expect(ticksOf(130, 430, 4)).toEqual([200, 300, 400])
    expect(ticksOf(5, 5, 4)).toHaveLength(1)
  })
})
