import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { JsonFloat } from '../json/value.ts'
import { describeWithTupleReference, readTupleReference } from '../receipts/reference.fixture.ts'
import { bytesBelow, withDiskQuota } from './disk-quota.ts'
import { DutyCycle } from './duty-cycle.ts'
import { cpuQuotaFrom, laneConcurrencyFrom, maxLaneConcurrencyFrom } from './environment.ts'
import { Niceness, nicenessFor } from './niceness.ts'

const numberOf = (value: unknown): number => (value instanceof JsonFloat ? value.value : Number(value))

describeWithTupleReference('as the reference recorded', () => {
  it.each(readTupleReference('nice_golden.json', 'nice').map((row) => [row.get('quota_pct'), row]))(
    'a quota of %s has its niceness',
    (quota, row) => {
      const expected =
        (row as ReadonlyMap<string, unknown>).get('noop') === true
          ? null
          : (row as ReadonlyMap<string, unknown>).get('nice_delta')
      expect(nicenessFor(Number(quota))).toBe(expected)
    },
  )

  it('the environment is read with its names, defaults and clamps', () => {
    const readers: Readonly<Record<string, (environment: Record<string, string>) => number>> = {
      cpu_quota_from_env: cpuQuotaFrom,
      lane_concurrency_from_env: laneConcurrencyFrom,
      max_lane_concurrency_from_env: maxLaneConcurrencyFrom,
    }
    const cases = readTupleReference('nice_golden.json', 'env')
    expect(cases.length).toBeGreaterThan(0)
    for (const row of cases) {
      const environment = Object.fromEntries(row.get('env') as ReadonlyMap<string, string>)
      const read = readers[String(row.get('function'))]
      expect([row.get('function'), environment, read?.(environment)]).toEqual([
        row.get('function'),
        environment,
        row.get('value'),
      ])
    }
  })

  it('a burst is paid for as there, but what was too short to sleep is carried over and a long debt paid in full', () => {
    const cases = readTupleReference('nice_golden.json', 'yield')
    expect(cases.length).toBeGreaterThan(0)
    for (const row of cases) {
      const quota = numberOf(row.get('quota_pct'))
      const elapsed = numberOf(row.get('elapsed_s')) * 1000
      const there = numberOf(row.get('sleep_s')) * 1000
      const cycle = new DutyCycle()
      cycle.charge(0, elapsed, quota)
      const here = cycle.restMs(elapsed)
      const whole = quota >= 100 ? 0 : (elapsed * (100 - quota)) / Math.max(1, quota)
      if (there > 0 && there < 1000) expect(here).toBeCloseTo(there, 4)
      else if (there >= 1000) expect(here).toBeCloseTo(whole, 4)
      else expect(here).toBe(0)
    }
  })
})

describe('a quota', () => {
  it('is held for short bursts and for long ones', () => {
    for (const burst of [0.3, 0.5, 5, 3000]) {
      let now = 0
      let worked = 0
      const cycle = new DutyCycle()
      for (let turn = 0; turn < 2000; turn++) {
        cycle.charge(now, burst, 50)
        now += burst
        worked += burst
        // Timers are no more exact than that.
        now += Math.ceil(cycle.restMs(now))
      }
      expect(worked / now).toBeGreaterThan(0.49)
      expect(worked / now).toBeLessThan(0.51)
    }
  })

  it('of a hundred never rests, and idle time is no credit under any other', () => {
    const cycle = new DutyCycle()
    cycle.charge(0, 5000, 100)
    expect(cycle.restMs(5000)).toBe(0)
    cycle.charge(60_000, 100, 50)
    expect(cycle.restMs(60_100)).toBe(100)
    cycle.forgive()
    expect(cycle.restMs(60_100)).toBe(0)
  })

  it('is one of several CPUs together when they all work', () => {
    const cycle = new DutyCycle()
    for (let cpu = 0; cpu < 4; cpu++) cycle.charge(0, 100, 25, 4)
    expect(cycle.restMs(100)).toBe(300)
  })

  it('has halves rounded to the even neighbour', () => {
    expect([87, 61, 35, 9, 98, 100, 0].map(nicenessFor)).toEqual([2, 8, 12, 18, 0, null, 19])
  })

  it('reads integers as the original does, and a bad first name as the default', () => {
    const name = 'YOOL_TUPLE_CPU_QUOTA_PCT'
    const given = [' 60 ', '+60', '0060', '6_0', '60.0', '1e2', '0x10', '0', '-5', '500', ' ']
    expect(given.map((text) => cpuQuotaFrom({ [name]: text }))).toEqual([60, 60, 60, 60, 95, 95, 95, 95, 95, 100, 95])
    expect(cpuQuotaFrom({ [name]: 'x', YOOL_CPU_QUOTA_PCT: '40' })).toBe(95)
  })
})

describe('a niceness', () => {
  /** A system that may refuse to give priority back. */
  function system(start: number, privileged: boolean) {
    const state = { nice: start }
    const set = (_target: number, nice: number) => {
      if (nice < state.nice && !privileged) throw new Error('permission denied')
      state.nice = nice
    }
    return { state, calls: { get: () => state.nice, set } }
  }

  it('is restored to exactly what it was, also where the scale ends', () => {
    const { state, calls } = system(15, true)
    const niceness = new Niceness(0, calls)
    expect(niceness.apply(50)).toEqual({ before: 15, now: 19, problem: null })
    niceness.apply(50)
    expect(niceness.restore()).toEqual({ before: 19, now: 15, problem: null })
    expect(state.nice).toBe(15)
  })

  it('does not add up, and says when the system refuses to give it back', () => {
    const { state, calls } = system(0, false)
    const niceness = new Niceness(0, calls)
    niceness.apply(50)
    niceness.apply(50)
    expect(state.nice).toBe(10)
    expect(niceness.restore().problem).toContain('stays at 10: permission denied')
  })

  it('is really that of a process', () => {
    const niceness = new Niceness()
    const { before } = niceness.apply(100)
    expect(niceness.restore()).toEqual({ before, now: before, problem: null })
  })
})

describe('a disk quota', () => {
  it('counts what was added, follows no links, and tells by how much it is exceeded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'guardhouse-quota-'))
    try {
      await mkdir(join(folder, 'deep'))
      await writeFile(join(folder, 'deep', 'a'), Buffer.alloc(3 << 20))
      await symlink(folder, join(folder, 'deep', 'loop'))
      expect(await bytesBelow(folder)).toBe(3 << 20)
      const add = (bytes: number) => () => writeFile(join(folder, `more-${bytes}`), Buffer.alloc(bytes))
      await withDiskQuota(folder, 1, add(1 << 20))
      await expect(withDiskQuota(folder, 1, add(2 << 20))).rejects.toMatchObject({ kind: 'too-large' })
      const failing = withDiskQuota(folder, 0, async () => {
        await add(1000)()
        throw new Error('of its own')
      })
      await expect(failing).rejects.toMatchObject({ message: 'of its own', cause: { kind: 'too-large' } })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
