import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import { type Weight, weights } from '../../../shared/model/token.ts'
import { clampPattern, eligibleRange, initialCounter } from './positions.ts'
import { type CoreLoad, counting, type LoadSnapshot, type RoutingStrategy, staggered, strategies } from './routing.ts'

type MutableCore = { -readonly [Key in keyof CoreLoad]: CoreLoad[Key] }

/** Idle cores as they are before the first token. */
function idleMachine(cores: number, workersPerCore: number): { workersPerCore: number; cores: MutableCore[] } {
  return {
    workersPerCore,
    cores: Array.from({ length: cores }, (_, index) => ({
      core: index + 1,
      counter: initialCounter(index + 1, workersPerCore),
      pattern: workersPerCore,
      load: 0,
      full: false,
    })),
  }
}

/** Routes one token and counts it on its core, whose load stays as it is: as if each ended before the next came. */
function place(strategy: RoutingStrategy, machine: { workersPerCore: number; cores: MutableCore[] }, weight: Weight) {
  const decision = assertDefined(strategy(machine, weight), 'a core has room')
  const core = assertDefined(machine.cores[decision.core - 1], 'a decision names a core of the machine')
  const before = core.counter
  core.counter += 1
  return { ...decision, before, worker: (decision.core - 1) * machine.workersPerCore + decision.slot }
}

/** Weight, core, counter before, position, worker, slot: the worked example for four cores of three workers. */
const workedExample: readonly (readonly [Weight, number, number, number, number, number])[] = [
  ['heavy', 1, 0, 0, 0, 0],
  ['heavy', 1, 1, 1, 1, 1],
  ['heavy', 1, 2, 2, 2, 2],
  ['heavy', 1, 3, 12, 0, 0],
  ['medium', 2, 3, 15, 3, 0],
  ['medium', 2, 4, 16, 4, 1],
  ['medium', 2, 5, 17, 5, 2],
  ['medium', 2, 6, 27, 3, 0],
  ['medium', 3, 6, 30, 6, 0],
  ['medium', 2, 7, 28, 4, 1],
  ['medium', 3, 7, 31, 7, 1],
  ['medium', 2, 8, 29, 5, 2],
  ['medium', 3, 8, 32, 8, 2],
  ['medium', 2, 9, 39, 3, 0],
  ['medium', 3, 9, 42, 6, 0],
  ['medium', 4, 9, 45, 9, 0],
  ['light', 3, 10, 43, 7, 1],
  ['light', 4, 10, 46, 10, 1],
  ['light', 3, 11, 44, 8, 2],
  ['light', 4, 11, 47, 11, 2],
  ['light', 3, 12, 54, 6, 0],
  ['light', 4, 12, 57, 9, 0],
]

describe.each(Object.entries(strategies))('%s, with equal loads,', (_name, strategy) => {
  it('reproduces the worked example of 4 heavy, 12 medium and 6 light tokens on 4 cores of 3 workers', () => {
    const machine = idleMachine(4, 3)
    const placed = workedExample.map(([weight]) => {
      const { core, before, position, worker, slot } = place(strategy, machine, weight)
      return [weight, core, before, position, worker, slot]
    })
    expect(placed).toEqual(workedExample)
  })

  it.each([
    [4, 3, 9],
    [8, 4, 84],
    [16, 4, 420],
    [32, 4, 1860],
  ])(
    'lets the last of %d cores with %d workers tie with its predecessors after %d medium tokens',
    (cores, workers, first) => {
      const machine = idleMachine(cores, workers)
      const last = () => assertDefined(machine.cores[cores - 1], 'a machine has a last core').counter
      let placed = 0
      while (machine.cores.slice(1).some((core) => core.counter < last())) {
        place(strategy, machine, 'medium')
        placed += 1
      }
      expect(placed).toBe(first)
      // From here on each core of the range gets its turn, the last one for the first time.
      const round = Array.from({ length: cores - 1 }, () => place(strategy, machine, 'medium').core)
      expect(round).toEqual(Array.from({ length: cores - 1 }, (_, index) => index + 2))
    },
  )

  it('goes on with the worker a smaller pattern allows', () => {
    const machine = idleMachine(8, 4)
    for (const core of machine.cores) core.pattern = 2
    expect([0, 1, 2, 3].map(() => place(strategy, machine, 'heavy').slot)).toEqual([0, 1, 0, 1])
  })
})

/** A machine under any load. */
const loadedMachine: fc.Arbitrary<LoadSnapshot> = fc
  .record({ cores: fc.integer({ min: 1, max: 24 }), workersPerCore: fc.integer({ min: 1, max: 16 }) })
  .chain(({ cores, workersPerCore }) =>
    fc
      .array(
        fc.record({
          counter: fc.nat({ max: 5000 }),
          pattern: fc.integer({ min: 1, max: 20 }),
          load: fc.nat({ max: 50 }),
          full: fc.boolean(),
        }),
        { minLength: cores, maxLength: cores },
      )
      .map((loads) => ({ workersPerCore, cores: loads.map((load, index) => ({ core: index + 1, ...load })) })),
  )
const anyWeight = fc.constantFrom(...weights)

function roomyCores(machine: LoadSnapshot, weight: Weight): CoreLoad[] {
  const { first, last } = eligibleRange(weight, machine.cores.length)
  return machine.cores.slice(first - 1, last).filter((core) => !core.full)
}

describe.each(Object.entries(strategies))('%s, under any load,', (_name, strategy) => {
  it('chooses a core of the range that has room, or none when there is none', () => {
    fc.assert(
      fc.property(loadedMachine, anyWeight, (machine, weight) => {
        const roomy = roomyCores(machine, weight)
        const decision = strategy(machine, weight)
        if (roomy.length === 0) {
          expect(decision).toBeNull()
          return
        }
        const chosen = roomy.find((core) => core.core === decision?.core)
        expect(chosen).toBeDefined()
        expect(decision?.slot).toBeLessThan(clampPattern(chosen?.pattern ?? 1, machine.workersPerCore))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('staggered', () => {
  it('never picks a core that has more to do than another eligible one with room', () => {
    fc.assert(
      fc.property(loadedMachine, anyWeight, (machine, weight) => {
        const decision = staggered(machine, weight)
        if (decision === null) return
        const least = Math.min(...roomyCores(machine, weight).map((core) => core.load))
        expect(machine.cores[decision.core - 1]?.load).toBe(least)
      }),
      { numRuns: 1000 },
    )
  })

  it('lets a skewed load wait less than half as long as counting does', () => {
    // Every seventh token takes ten times as long: by count alone they all go to the same core.
    const costs = Array.from({ length: 700 }, (_, index) => (index % 7 === 0 ? 10 : 1))
    expect(ticksWaited(staggered, costs)).toBeLessThan(ticksWaited(counting, costs) / 2)
  })

  it('lets random loads with a few long tokens wait less than counting does', () => {
    const costs = fc.array(fc.constantFrom(1, 1, 1, 1, 5, 40), { minLength: 200, maxLength: 400 })
    let withStaggered = 0
    let withCounting = 0
    fc.assert(
      fc.property(costs, (plan) => {
        withStaggered += ticksWaited(staggered, plan)
        withCounting += ticksWaited(counting, plan)
      }),
      { numRuns: 100, seed: 20_261_121 },
    )
    expect(withStaggered).toBeLessThan(withCounting / 2)
  })
})

/**
 * How long tokens wait in sum on eight cores of one worker, in ticks: one is submitted every other tick, and each core works
 * off one tick of its oldest token per tick.
 */
function ticksWaited(strategy: RoutingStrategy, costs: readonly number[]): number {
  const machine = idleMachine(8, 1)
  const queues = machine.cores.map((): number[] => [])
  let waited = 0
  let next = 0
  for (let tick = 0; next < costs.length || queues.some((queue) => queue.length > 0); tick++) {
    for (const [index, core] of machine.cores.entries()) core.load = queues[index]?.length ?? 0
    const cost = costs[next]
    if (tick % 2 === 0 && cost !== undefined) {
      queues[place(strategy, machine, 'medium').core - 1]?.push(cost)
      next += 1
    }
    for (const queue of queues) {
      waited += Math.max(0, queue.length - 1)
      const [oldest] = queue
      if (oldest === 1) queue.shift()
      else if (oldest !== undefined) queue[0] = oldest - 1
    }
  }
  return waited
}
