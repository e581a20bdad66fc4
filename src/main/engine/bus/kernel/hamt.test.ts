import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Hamt } from './hamt.ts'

// Two pairs of them collide in all thirty bits.
const names = [
  'agent.bench.n5067',
  'agent.bench.n32335',
  'agent.bench.n36843',
  'agent.bench.n43509',
  'a',
  'b',
  'c',
  'd',
]
// Mostly those that collide.
const name = fc.oneof(fc.constantFrom(...names.slice(0, 4)), fc.constantFrom(...names))
const step = fc.record({ name, value: fc.integer(), removes: fc.boolean() })

describe('a trie', () => {
  it('holds what a map holds, whatever is put and removed, and leaves every earlier one as it was', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let trie = new Hamt<number>()
        const map = new Map<string, number>()
        const earlier: [Hamt<number>, ReadonlyMap<string, number>][] = []
        for (const { name, value, removes } of steps) {
          earlier.push([trie, new Map(map)])
          trie = removes ? trie.without(name) : trie.with(name, value)
          if (removes) map.delete(name)
          else map.set(name, value)
        }
        for (const [kept, expected] of [...earlier, [trie, map] as const]) {
          expect(new Map(kept.entries())).toEqual(expected)
          expect(kept.size).toBe(expected.size)
          for (const name of names) expect(kept.get(name)).toBe(expected.get(name))
        }
      }),
      { numRuns: 60 },
    )
  })

  it.each(names.slice(0, 2))('keeps what collides with %s when that is removed', (removed) => {
    const both = new Hamt<string>().with('agent.bench.n5067', 'first').with('agent.bench.n32335', 'second')
    const left = both.without(removed)
    expect([...left.entries()]).toEqual([...both.entries()].filter(([key]) => key !== removed))
  })

  it('is the same one when a name that is not there is removed', () => {
    const trie = new Hamt<number>().with('agent.bench.n5067', 1)
    expect(trie.without('agent.bench.n32335')).toBe(trie)
  })
})
