import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CoreMemory, decide, freshMemory } from './decide.ts'
import { type CoreInputs, type RuleName, ruleNames, type Thresholds } from './rules.ts'

const limits: Thresholds = {
  queueWaitThreshold: 4,
  depthLimit: 12,
  utilizationHigh: 80,
  utilizationLow: 15,
  minimum: 1,
  maximum: 4,
  hold: 1,
  cooldown: 0,
}
const quiet: CoreInputs = { utilization: 50, busyWorkers: 1, waitP95: 0, depth: 0, asi: 0, asiTrend: 0, ended: 10 }

function decided(pattern: number, inputs: Partial<CoreInputs>, memory: Partial<CoreMemory> = {}, more = {}) {
  return decide(1e9, pattern, { ...quiet, ...inputs }, { ...limits, ...more }, { ...freshMemory, ...memory })
}

describe('every rule can be reached, with the thresholds as they ship', () => {
  it.each<[RuleName, number, Partial<CoreInputs>, number]>([
    ['bounds', 5, {}, 4],
    ['wait', 2, { waitP95: 4.1 }, 3],
    ['depth', 2, { depth: 13 }, 3],
    ['busy', 2, { utilization: 81, busyWorkers: 1.62, depth: 1 }, 3],
    ['idle', 2, { utilization: 14, busyWorkers: 0.28 }, 1],
    ['balanced', 2, {}, 2],
  ])('%s', (rule, pattern, inputs, target) => {
    expect(decided(pattern, inputs)).toMatchObject({ rule, target, heldBy: null })
  })

  it.each<[RuleName, Partial<CoreInputs>]>([
    ['swing-rising', { asiTrend: 0.1 }],
    ['swing-falling', { asiTrend: -0.1 }],
  ])('%s is recorded and decides nothing', (rule, inputs) => {
    const { verdicts, rule: decidedBy, target } = decided(2, inputs)
    expect(verdicts.find((verdict) => verdict.rule === rule)).toMatchObject({ holds: true, acts: false })
    expect({ decidedBy, target }).toEqual({ decidedBy: 'balanced', target: 2 })
  })

  it('does not hold at its threshold, only beyond', () => {
    for (const at of [{ waitP95: 4 }, { depth: 12 }, { utilization: 80, depth: 1 }, { utilization: 15 }]) {
      expect(decided(2, at).rule).toBe('balanced')
    }
  })
})

it('says of every decision what each other rule would have done, with the numbers it compared', () => {
  const { rule, verdicts } = decided(2, { waitP95: 5, depth: 20, utilization: 10, busyWorkers: 0.2 })
  expect(rule).toBe('wait')
  expect(verdicts.map((verdict) => verdict.rule)).toEqual(ruleNames)
  expect(verdicts.find((verdict) => verdict.rule === 'depth')).toMatchObject({
    holds: true,
    would: 3,
    condition: 'depth 20 > 12',
  })
  expect(verdicts.find((verdict) => verdict.rule === 'balanced')).toMatchObject({ would: 2 })
})

describe('a change is held back', () => {
  it('until enough looks in a row agree', () => {
    const first = decided(2, { depth: 13 }, {}, { hold: 2 })
    expect(first).toMatchObject({ target: 2, heldBy: 'not-yet' })
    expect(decided(2, { depth: 13 }, first.memory, { hold: 2 })).toMatchObject({ target: 3, heldBy: null })
    expect(decided(2, {}, first.memory, { hold: 2 }).memory.agreeing).toBe(1)
  })

  it('while the last one is too recent', () => {
    const recent = { changedAt: 1e9 - 5 }
    expect(decided(2, { depth: 13 }, recent, { cooldown: 6 })).toMatchObject({ target: 2, heldBy: 'cooldown' })
    expect(decided(2, { depth: 13 }, recent, { cooldown: 5 }).target).toBe(3)
  })

  it('while a person holds the core', () => {
    expect(decided(2, { depth: 13 }, { byHandUntil: 1e9 + 1 })).toMatchObject({ target: 2, heldBy: 'by-hand' })
    expect(decided(2, { depth: 13 }, { byHandUntil: 1e9 }).target).toBe(3)
  })

  it('at the bounds', () => {
    expect(decided(4, { depth: 13 })).toMatchObject({ target: 4, heldBy: 'at-bound' })
    expect(decided(1, { utilization: 0, busyWorkers: 0 })).toMatchObject({ target: 1, heldBy: 'at-bound' })
  })

  it('when what is busy would not fit fewer workers', () => {
    const low = { utilizationLow: 70 }
    expect(decided(3, { utilization: 60, busyWorkers: 1.8 }, {}, low)).toMatchObject({
      target: 3,
      heldBy: 'would-not-fit',
    })
  })

  it('when the smaller pattern was found too small for as much work', () => {
    const pressed = decided(2, { waitP95: 9, busyWorkers: 0.3, utilization: 15 }).memory
    expect(decided(3, { busyWorkers: 0.3, utilization: 10 }, pressed)).toMatchObject({
      target: 3,
      heldBy: 'known-pressure',
    })
    expect(decided(3, { busyWorkers: 0.1, utilization: 3 }, pressed).target).toBe(2)
  })
})

const anyThresholds = fc
  .record({
    queueWaitThreshold: fc.double({ min: 0.001, max: 100, noNaN: true }),
    depthLimit: fc.double({ min: 0.1, max: 200, noNaN: true }),
    utilizationHigh: fc.integer({ min: 1, max: 100 }),
    utilizationLow: fc.integer({ min: 0, max: 99 }),
    minimum: fc.integer({ min: 1, max: 4 }),
    maximum: fc.integer({ min: 4, max: 16 }),
    hold: fc.integer({ min: 1, max: 4 }),
    cooldown: fc.integer({ min: 0, max: 20 }),
  })
  .filter((thresholds) => thresholds.utilizationLow < thresholds.utilizationHigh)

/** A core that gets `demand` workers' worth of work for ever, and what a look at it finds. */
function constantLoad(demand: number, waitWhenFull: number, waitOtherwise: number, pattern: number): CoreInputs {
  const busyWorkers = Math.min(pattern, demand)
  const full = demand > pattern
  return {
    utilization: (busyWorkers / pattern) * 100,
    busyWorkers,
    waitP95: full ? waitWhenFull : waitOtherwise,
    depth: full ? Math.ceil((demand - pattern) * 20) : 0,
    asi: 0,
    asiTrend: 0,
    ended: 1,
  }
}

describe('under a constant load', () => {
  it('the pattern goes one way until it rests, whatever the thresholds and wherever it began', () => {
    const load = fc.record({
      demand: fc.double({ min: 0, max: 20, noNaN: true }),
      waitWhenFull: fc.double({ min: 0, max: 200, noNaN: true }),
      waitOtherwise: fc.double({ min: 0, max: 1, noNaN: true }),
      start: fc.integer({ min: 1, max: 16 }),
    })
    fc.assert(
      fc.property(anyThresholds, load, (thresholds, { demand, waitWhenFull, waitOtherwise, start }) => {
        const path = [start]
        let memory = freshMemory
        for (let now = 0; now < 400; now++) {
          const pattern = path.at(-1) ?? start
          const inputs = constantLoad(demand, waitWhenFull, waitOtherwise, pattern)
          const decision = decide(now, pattern, inputs, thresholds, memory)
          expect(Math.abs(decision.target - pattern)).toBeLessThanOrEqual(1)
          memory = decision.memory
          path.push(decision.target)
        }
        expect(reversals(path)).toBeLessThanOrEqual(1)
        expect(new Set(path.slice(-100)).size).toBe(1)
      }),
      { numRuns: 300 },
    )
  })

  it('of which looks find now a burst and now nothing, it comes to rest as well', () => {
    const path = [2]
    let memory = freshMemory
    for (let now = 0; now < 2000; now++) {
      const pattern = path.at(-1) ?? 2
      const inputs: CoreInputs = { ...quiet, utilization: 8, busyWorkers: 0.16, depth: now % 2 === 0 ? 40 : 0 }
      const decision = decide(now, pattern, inputs, limits, memory)
      memory = decision.memory
      path.push(decision.target)
    }
    expect(new Set(path.slice(-1000)).size).toBe(1)
  })
})

it('stays within the bounds and moves one step at a time, whatever it is told', () => {
  const anyInputs = fc.record({
    utilization: fc.double({ min: 0, max: 100, noNaN: true }),
    busyWorkers: fc.double({ min: 0, max: 16, noNaN: true }),
    waitP95: fc.option(fc.double({ min: 0, max: 1000, noNaN: true })),
    depth: fc.nat(1000),
    asi: fc.double({ min: 0, max: 100, noNaN: true }),
    asiTrend: fc.double({ min: -10, max: 10, noNaN: true }),
    ended: fc.nat(1000),
  })
  fc.assert(
    fc.property(anyThresholds, fc.array(anyInputs, { maxLength: 60 }), (thresholds, looks) => {
      let pattern = thresholds.minimum
      let memory = freshMemory
      for (const [now, inputs] of looks.entries()) {
        const { target, memory: next } = decide(now, pattern, inputs, thresholds, memory)
        expect(Math.abs(target - pattern)).toBeLessThanOrEqual(1)
        expect(target).toBeGreaterThanOrEqual(thresholds.minimum)
        expect(target).toBeLessThanOrEqual(thresholds.maximum)
        pattern = target
        memory = next
      }
    }),
  )
})

/** How often the path turns round. */
function reversals(path: readonly number[]): number {
  const steps = path.slice(1).map((pattern, index) => Math.sign(pattern - (path[index] ?? pattern)))
  const moves = steps.filter((move) => move !== 0)
  return moves.filter((move, index) => index > 0 && move !== moves[index - 1]).length
}
