import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LeafSet } from './leaf-set.ts'

it('holds what a set holds, as few ranges as can be', () => {
  const step = fc.record({ leaf: fc.bigInt({ min: 0n, max: 20n }), removes: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const leaves = new LeafSet()
      const expected = new Set<bigint>()
      for (const { leaf, removes } of steps) {
        if (removes) leaves.delete(leaf)
        else expect(leaves.add(leaf)).toBe(!expected.has(leaf))
        if (removes) expected.delete(leaf)
        else expected.add(leaf)
      }
      for (let leaf = 0n; leaf <= 20n; leaf++) expect(leaves.has(leaf)).toBe(expected.has(leaf))
      expect(leaves.size).toBe(BigInt(expected.size))
      expect(leaves.ranges).toBe([...expected].filter((leaf) => !expected.has(leaf - 1n)).length)
    }),
  )
})

it('keeps many leaves that were made one after the other as one range', () => {
  const leaves = new LeafSet()
  for (let leaf = 0n; leaf < 100_000n; leaf++) leaves.add(2n ** 80n + leaf)
  expect([leaves.ranges, leaves.size]).toEqual([1, 100_000n])
})
