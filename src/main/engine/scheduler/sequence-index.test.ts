import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SequenceIndex } from './sequence-index.ts'

describe('the index of sequences', () => {
  it('finds what it was given and not what it gave up, newest first', () => {
    const steps = fc.array(fc.record({ add: fc.integer({ min: 0, max: 3000 }), remove: fc.nat({ max: 3000 }) }), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(steps, (plan) => {
        const index = new SequenceIndex()
        const model = new Map<number, number>()
        let newest = 0
        for (const { add, remove } of plan) {
          for (let count = 0; count < add; count++) {
            newest += 1
            index.set(newest, newest % 1000)
            model.set(newest, newest % 1000)
          }
          // Mostly the oldest leave, as in the history; a few from the middle.
          for (const sequence of [...model.keys()].filter((each, place) => place < remove || each % 997 === 0)) {
            index.delete(sequence)
            model.delete(sequence)
          }
        }
        for (let sequence = 0; sequence <= newest + 5000; sequence += 37) {
          expect(index.get(sequence)).toBe(model.get(sequence) ?? -1)
        }
        expect([...index.newestFirst(newest)]).toEqual([...model.values()].reverse())
        expect([...index.oldestFirst()]).toEqual([...model.values()])
      }),
      { numRuns: 30 },
    )
  })

  it('knows nothing of what it never had', () => {
    const index = new SequenceIndex()
    index.delete(5)
    expect(index.get(5)).toBe(-1)
    expect([...index.newestFirst(10_000)]).toEqual([])
    expect([...index.oldestFirst()]).toEqual([])
  })
})
