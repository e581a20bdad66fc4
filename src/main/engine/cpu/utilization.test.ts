import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type UsageReading, UtilizationMeter, utilizationBetween } from './utilization.ts'

const second = 1_000_000
const cores = [
  { core: 1, cpu: 0 },
  { core: 2, cpu: 1 },
]
const bound = [
  { threadId: 10, cpu: 0 },
  { threadId: 11, cpu: 1 },
]

/** A reading whose CPUs have spent `busy` of `at` microseconds busy. */
function reading(at: number, busy: readonly number[], threads: UsageReading['threads'] = []): UsageReading {
  return { at, machine: busy.map((time, cpu) => ({ cpu, busy: time, idle: at - time })), threads }
}

describe('utilisation between two readings', () => {
  it('tells our time from the rest of the machine', () => {
    const earlier = reading(
      0,
      [0, 0],
      [
        { threadId: 10, lastCpu: 0, cpuTime: 5 * second },
        { threadId: 11, lastCpu: 1, cpuTime: 7 * second },
      ],
    )
    const later = reading(
      second,
      [0.75 * second, 0.5 * second],
      [
        { threadId: 10, lastCpu: 0, cpuTime: 5.25 * second },
        { threadId: 11, lastCpu: 1, cpuTime: 7.5 * second },
      ],
    )
    expect(utilizationBetween(earlier, later, cores, bound)).toEqual([
      { core: 1, cpu: 0, ours: 0.25, others: 0.5, idle: 0.25 },
      { core: 2, cpu: 1, ours: 0.5, others: 0, idle: 0.5 },
    ])
  })

  it('adds up the threads of one CPU, and leaves out threads that are not bound', () => {
    const threads = (time: number) => [10, 11, 99].map((threadId) => ({ threadId, lastCpu: 0, cpuTime: time }))
    const sharing = [
      { threadId: 10, cpu: 0 },
      { threadId: 11, cpu: 0 },
    ]
    const [first] = utilizationBetween(
      reading(0, [0], threads(0)),
      reading(second, [second], threads(0.25 * second)),
      cores,
      sharing,
    )
    expect(first).toEqual({ core: 1, cpu: 0, ours: 0.5, others: 0.5, idle: 0 })
  })

  it('gives a drifted thread to the CPU it was seen on', () => {
    const seenOn = (lastCpu: number, cpuTime: number) => [{ threadId: 10, lastCpu, cpuTime }]
    const shares = utilizationBetween(
      reading(0, [0, 0], seenOn(0, 0)),
      reading(second, [0, 0], seenOn(1, 0.5 * second)),
      cores,
      bound,
    )
    expect(shares.map((share) => share.ours)).toEqual([0, 0.5])
  })

  it('gives a thread whose CPU is not told to the CPU it is bound to', () => {
    const used = (cpuTime: number) => [{ threadId: 11, lastCpu: null, cpuTime }]
    const shares = utilizationBetween(
      reading(0, [0, 0], used(0)),
      reading(second, [0, 0], used(0.5 * second)),
      cores,
      bound,
    )
    expect(shares.map((share) => share.ours)).toEqual([0, 0.5])
  })

  it('does not claim the past of a thread it sees for the first time', () => {
    const newcomer = [{ threadId: 10, lastCpu: 0, cpuTime: 0.5 * second }]
    const [first] = utilizationBetween(reading(0, [0]), reading(second, [0.5 * second], newcomer), cores, bound)
    expect(first).toEqual({ core: 1, cpu: 0, ours: 0, others: 0.5, idle: 0.5 })
  })

  it('has nothing to tell of a CPU that is offline in either reading', () => {
    const [, offline] = utilizationBetween(reading(0, [0, 0]), reading(second, [0]), cores, bound)
    expect(offline).toEqual({ core: 2, cpu: 1, ours: 0, others: 0, idle: 0 })
  })

  it('is idle when the counters have not moved', () => {
    const [first] = utilizationBetween(reading(0, [0]), { ...reading(0, [0]), at: 1 }, cores, [])
    expect(first).toEqual({ core: 1, cpu: 0, ours: 0, others: 0, idle: 1 })
  })

  it('stays within one interval whatever the counters say', () => {
    const time = fc.integer({ min: -second, max: 10 * second })
    const usage = fc.record({
      at: time,
      machine: fc.array(fc.record({ cpu: fc.integer({ min: 0, max: 2 }), busy: time, idle: time }), { maxLength: 3 }),
      threads: fc.array(
        fc.record({ threadId: fc.constantFrom(10, 11, 12), lastCpu: fc.constantFrom(0, 1, 2, null), cpuTime: time }),
        { maxLength: 3 },
      ),
    })
    fc.assert(
      fc.property(usage, usage, (earlier, later) => {
        for (const { ours, others, idle } of utilizationBetween(earlier, later, cores, bound)) {
          for (const share of [ours, others, idle]) expect(share >= 0 && share <= 1).toBe(true)
          expect(ours + others + idle).toBeLessThanOrEqual(1 + Number.EPSILON)
        }
      }),
    )
  })
})

describe('the utilisation meter', () => {
  const thread = (lastCpu: number | null) => [{ threadId: 10, lastCpu, cpuTime: 0 }]

  it('says nothing after one reading', () => {
    expect(new UtilizationMeter(cores).advance(reading(0, [0, 0]), bound)).toEqual({ cores: [], drifts: [] })
  })

  it('keeps its picture until the clock ticks make a fair one', () => {
    const meter = new UtilizationMeter(cores)
    meter.advance(reading(0, [0, 0]), [])
    const fair = meter.advance(reading(second, [0.5 * second, 0]), []).cores
    expect(meter.advance(reading(second + 50_000, [0.55 * second, 0]), []).cores).toBe(fair)
    const next = meter.advance(reading(second + 100_000, [0.6 * second, 0]), []).cores
    expect(next[0]).toMatchObject({ others: 1, idle: 0 })
  })

  it('counts how often a thread was seen off its CPU, and since when', () => {
    const meter = new UtilizationMeter(cores)
    meter.advance(reading(10, [0, 0], thread(0)), bound)
    meter.advance(reading(20, [0, 0], thread(1)), bound)
    meter.advance(reading(30, [0, 0], thread(0)), bound)
    const { drifts } = meter.advance(reading(40, [0, 0], thread(5)), bound)
    expect(drifts).toEqual([{ threadId: 10, asked: 0, seenOn: 5, readings: 2, firstAt: 20 }])
  })

  it('does not call a thread adrift that has ended or is not told of', () => {
    const meter = new UtilizationMeter(cores)
    expect(meter.advance(reading(10, [0, 0], thread(null)), bound).drifts).toEqual([])
    expect(meter.advance(reading(20, [0, 0]), bound).drifts).toEqual([])
  })

  it('forgets the drift of a thread that is bound anew or gone', () => {
    const meter = new UtilizationMeter(cores)
    meter.advance(reading(10, [0, 0], thread(1)), bound)
    expect(meter.advance(reading(20, [0, 0], thread(1)), [{ threadId: 10, cpu: 1 }]).drifts).toEqual([])
    meter.advance(reading(30, [0, 0], thread(1)), bound)
    expect(meter.advance(reading(40, [0, 0], thread(1)), []).drifts).toEqual([])
  })
})
