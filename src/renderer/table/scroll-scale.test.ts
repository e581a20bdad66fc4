import { describe, expect, it } from 'vitest'
import { maximumElementHeight, scrollScale } from './scroll-scale.ts'

describe('scrollScale', () => {
  it('leaves a table that fits alone', () => {
    const scale = scrollScale(100_000 * 28, 700)
    expect(scale.elementHeight).toBe(2_800_000)
    expect(scale.toContent(1234)).toBe(1234)
    expect(scale.toScroll(1234)).toBe(1234)
  })

  it('reaches both ends of a table that no browser could draw', () => {
    const height = 2_000_000 * 28
    const scale = scrollScale(height, 700)
    expect(scale.elementHeight).toBe(maximumElementHeight)
    expect(scale.toContent(0)).toBe(0)
    expect(scale.toContent(maximumElementHeight - 700)).toBeCloseTo(height - 700, 3)
  })

  it('comes back to where it was', () => {
    const scale = scrollScale(2_000_000 * 28, 700)
    expect(scale.toContent(scale.toScroll(33_333_332))).toBeCloseTo(33_333_332, 3)
  })
})
