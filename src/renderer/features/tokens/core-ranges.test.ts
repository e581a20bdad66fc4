import { describe, expect, it } from 'vitest'
import { coreRanges } from './core-ranges.ts'

describe('coreRanges', () => {
  it('puts neighbours together', () => {
    expect(coreRanges([6, 2, 1, 3])).toBe('1–3, 6')
    expect(coreRanges([4])).toBe('4')
    expect(coreRanges([])).toBe('')
  })
})
