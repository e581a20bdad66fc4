import { expect, test } from 'vitest'
import { until } from '../../scheduler/until.fixture.ts'
import { CallGuards } from '../kernel/call-guards.ts'
import { MemoryStore } from '../stores/memory-store.ts'
import { TupleSpace } from '../tuple-space.ts'
import { laneDefinition } from './lane-definition.ts'
import { LaneRunner } from './lane-runner.ts'
import { LaneThrottle } from './lane-throttle.ts'

/** A lane of tokens that run, one after the other, for so long; how many began. */
function startLane(space: TupleSpace, throttle: LaneThrottle, ranMs: number) {
  const begun = { count: 0 }
  const definition = laneDefinition.parse({ lane: 'work', operation: 'op', concurrency: 1, adaptive: false })
  const run = async () => {
    begun.count += 1
    return { state: 'COMPLETED', value: null, error: null, ranMs } as const
  }
  const runner = new LaneRunner(definition, space, { canRun: () => true, run }, new CallGuards(), throttle.lane())
  runner.start()
  return { begun, runner }
}

test('a lane begins nothing while it owes a rest, and goes on at once when the quota is lifted', async () => {
  let quotaPct = 1
  const space = new TupleSpace({ store: new MemoryStore() })
  const { begun, runner } = startLane(space, new LaneThrottle({ quotaPct: () => quotaPct }), 60_000)
  for (let n = 0; n < 3; n++) await space.out({ lane: 'work', n })
  await until('one has run', async () => (await space.rdp({ lane: 'audit' })) !== null)
  const { state, quota } = runner.report()
  expect([state, quota?.quotaPct]).toEqual(['resting', 1])
  expect(quota?.restMs).toBeGreaterThan(60_000)
  expect([begun.count, (await space.list({ lane: 'work' }, 0, 10)).matched]).toEqual([1, 2])
  quotaPct = 100
  await until('all have run', () => begun.count === 3)
  expect(runner.report()).toMatchObject({ state: 'running', quota: null })
  await runner.stop()
})

test('the quota is that of all lanes together, and a tuple can lower it for its lane', () => {
  const throttle = new LaneThrottle({ quotaPct: () => 50, cpus: 2 })
  const [one, other] = [throttle.lane(), throttle.lane()]
  one.ran([], 1000, 2)
  // The lane itself has two CPUs, and owes half of what one would.
  expect(Math.round(one.restMs() / 100)).toBe(0)
  other.ran([], 1000, 2)
  expect(other.restMs()).toBeGreaterThan(900)
  const free = new LaneThrottle({ cpus: 2 }).lane()
  const terms = { id: 'a', created_at: '', agent_terms: { cpu_quota_pct: 10 } }
  free.ran([terms], 100, 1)
  expect(Math.round(free.restMs() / 100)).toBe(9)
  expect(free.quota()?.quotaPct).toBe(10)
})

test('only the part of the time that tokens had a CPU is paid for, where that is known', () => {
  let cpu = 1000
  const lane = new LaneThrottle({ quotaPct: () => 50, cpus: 1, workersCpuMs: () => cpu }).lane()
  lane.ran([], 100, 1)
  expect(Math.round(lane.restMs() / 10)).toBe(10)
  // Of 1100 milliseconds since then the workers had a CPU for 55: for 50 of the last 1000.
  cpu += 55
  lane.ran([], 1000, 1)
  expect(Math.round(lane.restMs() / 10)).toBe(20)
})
