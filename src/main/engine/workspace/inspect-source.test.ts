import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspectSource } from './inspect-source.ts'

describe('the complexity of a function', () => {
  it('is nearly nothing for one that only returns', () => {
    expect(inspectSource('() => 1')).toMatchObject({ level: 'TRIVIAL', loops: 0, branches: 0, literals: 0 })
  })

  it('counts loops, branches, names and nesting', () => {
    const found = inspectSource(`function work(rows, limit) {
      let sum = 0
      for (const row of rows) {
        if (row.price > limit && row.open) sum += row.price ?? 0
        else while (sum > 10) sum -= row.tags?.length ? 1 : 2
      }
      return rows.map((row) => row.id).length
    }`)
    expect(found).toMatchObject({ loops: 3, branches: 4, depth: 3 })
    expect(['SIMPLE', 'MODERATE']).toContain(found.level)
  })

  it('does not count what is written in comments, strings and regular expressions', () => {
    const found = inspectSource(
      '(text) => { /* if for while */ return text.replace(/if|for|while/g, "if (x) for") } // if',
    )
    expect(found).toMatchObject({ loops: 0, branches: 0 })
    expect(found.literals).toBeGreaterThan(10)
  })

  it('follows the formula', () => {
    const found = inspectSource('(a) => a')
    const { length, depth, literals, names, loops, branches } = found
    const shares = 0.3 * (length / 2500) + 0.2 * (depth / 10) + 0.15 * (literals / 10_000) + 0.15 * (names / 30)
    expect(found.score).toBeCloseTo(200 * (shares + 0.1 * (loops / 5) + 0.1 * (branches / 10)), 2)
  })

  it('stays between 0 and 200 and never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        const { score } = inspectSource(text)
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(200)
      }),
    )
  })
})
