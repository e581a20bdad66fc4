import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scoreInput } from './input-score.ts'
import { SpikeDetector } from './spike-detector.ts'

const limits = { deviation: 2, minimumCalls: 5 }

describe('the score of arguments', () => {
  it('grows with size, depth and count', () => {
    expect(scoreInput(['abcd'])).toEqual({ bytes: 8, depth: 1, count: 1, score: 40 })
    expect(scoreInput([[1, 2, 3]])).toMatchObject({ bytes: 40, depth: 2, count: 4 })
    expect(scoreInput([{ a: { b: { c: 1 } } }])).toMatchObject({ depth: 4, count: 4 })
    expect(scoreInput([new Uint8Array(1000)])).toMatchObject({ bytes: 1000, count: 1 })
    expect(scoreInput([new Map([['key', [1]]])])).toMatchObject({ count: 4, depth: 3 })
  })

  it('ends for cycles and for whatever is huge, and runs nobody’s code', () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    const trap = {
      get boom() {
        throw new Error('ran a getter')
      },
    }
    expect(scoreInput([cycle]).depth).toBe(64)
    expect(scoreInput([trap]).count).toBe(2)
    expect(scoreInput([Array.from({ length: 1e6 }, () => 1)]).count).toBeGreaterThanOrEqual(20_000)
  })

  it('is finite and the same each time, for anything', () => {
    fc.assert(
      fc.property(
        fc.array(fc.anything({ withBigInt: true, withMap: true, withSet: true, withTypedArray: true })),
        (values) => {
          const { score } = scoreInput(values)
          expect(Number.isFinite(score)).toBe(true)
          expect(scoreInput(values).score).toBe(score)
        },
      ),
    )
  })
})

describe('a spike', () => {
  it('is found by the size of the input against the operation’s own history', () => {
    const detector = new SpikeDetector()
    for (let call = 0; call < 20; call++) expect(detector.look(['x'.repeat(500 + call)], limits)).toBeNull()
    const spike = detector.look(['x'.repeat(100_000)], limits)
    expect(spike?.deviation).toBeGreaterThan(100)
    expect(spike?.input.bytes).toBe(200_000)
    expect(detector.inputSpikes).toBe(1)
    // It does not become usual by being sent.
    expect(detector.look(['x'.repeat(100_000)], limits)).not.toBeNull()
  })

  it('predicts a run that grows as the input does', () => {
    const detector = new SpikeDetector()
    for (let call = 0; call < 10; call++) {
      detector.look(['x'.repeat(1000)], limits)
      detector.observe(2000, limits)
    }
    const spike = detector.look(['x'.repeat(50_000)], limits)
    expect(spike?.predictedRun).toBeGreaterThan(2000 * 40)
  })

  it('is none before there is a history, none below what matters, and none where sizes vary that much anyway', () => {
    const young = new SpikeDetector()
    for (let call = 0; call < 4; call++) young.look(['x'], limits)
    expect(young.look(['x'.repeat(100_000)], limits)).toBeNull()
    const small = new SpikeDetector()
    for (let call = 0; call < 20; call++) small.look(['x'], limits)
    expect(small.look(['x'.repeat(100)], limits)).toBeNull()
    const wild = new SpikeDetector()
    for (let call = 0; call < 40; call++) wild.look(['x'.repeat(call % 2 === 0 ? 10 : 20_000)], limits)
    expect(wild.look(['x'.repeat(35_000)], limits)).toBeNull()
  })

  it('is found by what a run took', () => {
    const detector = new SpikeDetector()
    for (let run = 0; run < 20; run++) expect(detector.observe(50_000 + run, limits)).toBeNull()
    expect(detector.observe(5_000_000, limits)).toBeCloseTo(100, -1)
    expect(detector.costSpikes).toBe(1)
  })
})
