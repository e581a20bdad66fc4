import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SequenceSet } from './sequence-set.ts'

test('it holds what a set would hold, whatever comes and goes', () => {
  const sequence = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 4090, max: 4100 }), fc.maxSafeNat())
  const steps = fc.array(fc.tuple(fc.boolean(), sequence), { maxLength: 100 })
  fc.assert(
    fc.property(steps, (each) => {
      const plain = new Set<number>()
      const set = new SequenceSet()
      for (const [adds, value] of each) {
        if (adds) {
          plain.add(value)
          set.add(value)
        } else expect(set.delete(value)).toBe(plain.delete(value))
        expect(set.has(value)).toBe(plain.has(value))
      }
      for (const [, value] of each) expect(set.has(value)).toBe(plain.has(value))
    }),
  )
})
