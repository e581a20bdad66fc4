import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type HeapFacts, proposeHeap, samplesToLearn } from './propose-heap.ts'

const usual: HeapFacts = { limit: 512, minimum: 16, maximum: 65_536, peak: 40, samples: samplesToLearn, overruns: 0 }

describe('a heap limit', () => {
  it('is not judged before enough was seen', () => {
    expect(proposeHeap({ ...usual, samples: samplesToLearn - 1 })).toMatchObject({ kind: 'learning', heapMiB: 512 })
  })

  it('goes down by no more than half, to twice of what was used', () => {
    expect(proposeHeap(usual)).toEqual({
      kind: 'lower',
      heapMiB: 256,
      reason: `In ${samplesToLearn} looks the largest heap in use was 40 MiB; twice of it is enough.`,
    })
    expect(proposeHeap({ ...usual, peak: 150 })).toMatchObject({ kind: 'lower', heapMiB: 304 })
    expect(proposeHeap({ ...usual, limit: 96 })).toMatchObject({ kind: 'hold', heapMiB: 96 })
  })

  it('stays where it fits', () => {
    expect(proposeHeap({ ...usual, peak: 250 })).toMatchObject({ kind: 'hold', heapMiB: 512 })
  })

  it('goes up when a worker went beyond it, or soon would, however little was seen', () => {
    expect(proposeHeap({ ...usual, samples: 1, overruns: 1 })).toEqual({
      kind: 'raise',
      heapMiB: 1024,
      reason: 'Once a worker needed more than 512 MiB.',
    })
    expect(proposeHeap({ ...usual, samples: 1, peak: 500 })).toMatchObject({ kind: 'raise', heapMiB: 1008 })
  })

  it('goes nowhere beyond its range', () => {
    expect(proposeHeap({ ...usual, limit: 65_536, overruns: 3 })).toMatchObject({ kind: 'hold', heapMiB: 65_536 })
  })

  it('comes to rest for any use, with room for what was used', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 4096 }), fc.integer({ min: 1, max: 4096 }), (limit, peak) => {
        let at = limit
        let proposal = proposeHeap({ ...usual, limit: at, peak: Math.min(peak, at), overruns: peak > at ? 1 : 0 })
        for (let looks = 0; proposal.kind !== 'hold'; looks++) {
          expect(looks).toBeLessThan(20)
          at = proposal.heapMiB
          proposal = proposeHeap({ ...usual, limit: at, peak: Math.min(peak, at), overruns: peak > at ? 1 : 0 })
        }
        expect(at).toBeGreaterThanOrEqual(peak)
      }),
    )
  })
})
