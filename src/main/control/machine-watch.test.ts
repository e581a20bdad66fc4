import { beforeEach, expect, test } from 'vitest'
import type { MachineSampler, ThreadSampler } from '../engine/cpu/index.ts'
import { MachineWatch, type WorkerThreadPlace } from './machine-watch.ts'

const cores = [0, 1].map((cpu) => ({
  core: cpu + 1,
  cpu,
  package: 0,
  physicalCore: cpu,
  siblings: [],
  kind: 'unknown' as const,
}))
const first: WorkerThreadPlace = { threadId: 100, cpu: 0, bound: true }
const second: WorkerThreadPlace = { threadId: 200, cpu: 1, bound: true }

/** A made-up machine: who is watched, where each thread was seen, and how much time each has used, microseconds. */
let now: number
let places: WorkerThreadPlace[]
let watched: Set<number>
let lastCpus: Map<number, number>
let cpuTimes: Map<number, number>
let busy: [number, number]
let watch: MachineWatch

beforeEach(() => {
  now = 0
  places = [first, second]
  watched = new Set()
  lastCpus = new Map([
    [100, 0],
    [200, 1],
  ])
  cpuTimes = new Map()
  busy = [0, 0]
  const machine: MachineSampler = {
    name: 'made up',
    sample: () => busy.map((time, cpu) => ({ cpu, busy: time, idle: now - time })),
    [Symbol.dispose]: () => undefined,
  }
  const threads: ThreadSampler = {
    supported: true,
    resolution: 1,
    watch: (threadId) => void watched.add(threadId),
    forget: (threadId) => void watched.delete(threadId),
    sample: () =>
      [...watched].map((threadId) => ({
        threadId,
        lastCpu: lastCpus.get(threadId) ?? null,
        cpuTime: cpuTimes.get(threadId) ?? 0,
      })),
    [Symbol.dispose]: () => watched.clear(),
  }
  const clock = { now: () => now, epochWall: 0 }
  watch = new MachineWatch({ topology: { cores }, clock, workerThreads: () => places, machine, threads })
})

/** Lets a thread run for some time on the CPU where it was last seen. */
function run(threadId: number, time: number): void {
  cpuTimes.set(threadId, (cpuTimes.get(threadId) ?? 0) + time)
  const cpu = lastCpus.get(threadId) === 0 ? 0 : 1
  busy[cpu] += time
}

test('what workers used adds up, from their start on and also of those that have ended since', () => {
  run(100, 20_000)
  watch.look()
  now = 1_000_000
  run(100, 400_000)
  run(200, 100_000)
  watch.look()
  places = [second]
  now = 2_000_000
  run(200, 50_000)
  watch.look()
  expect(watch.workersCpuTime).toBe(570_000)
})

test('two looks apart tell ours from others on each core, and the share of each thread', () => {
  watch.look()
  now = 1_000_000
  run(100, 400_000)
  busy[1] += 300_000
  const { cores: use, threads } = watch.look()
  expect(use).toMatchObject([
    { core: 1, ours: 0.4, others: 0, idle: 0.6 },
    { core: 2, ours: 0, others: 0.3, idle: 0.7 },
  ])
  expect(threads.get(100)).toEqual({ lastCpu: 0, drifts: 0, cpuShare: 0.4 })
  expect(threads.get(200)).toEqual({ lastCpu: 1, drifts: 0, cpuShare: 0 })
})

test('a look too soon after another keeps the shares of the one before', () => {
  watch.look()
  now = 1_000_000
  run(100, 500_000)
  watch.look()
  now += 1000
  run(100, 1000)
  expect(watch.look().threads.get(100)?.cpuShare).toBe(0.5)
  now += 999_000
  run(100, 999_000)
  expect(watch.look().threads.get(100)?.cpuShare).toBe(1)
})

test('a thread seen on another CPU is counted each time', () => {
  watch.look()
  lastCpus.set(100, 1)
  for (let look = 0; look < 3; look++) {
    now += 200_000
    watch.look()
  }
  lastCpus.set(100, 0)
  now += 200_000
  expect(watch.look().threads.get(100)).toMatchObject({ lastCpu: 0, drifts: 3 })
})

test('a thread that could not be bound does not drift, wherever it is seen', () => {
  places = [{ ...first, bound: false }, second]
  lastCpus.set(100, 1)
  expect(watch.look().threads.get(100)).toMatchObject({ lastCpu: 1, drifts: 0 })
})

test('a thread that is gone is no longer watched, and its successor starts anew', () => {
  watch.look()
  run(100, 900_000)
  now = 1_000_000
  watch.look()
  places = [{ ...first, threadId: 300 }, second]
  now = 2_000_000
  const { threads } = watch.look()
  expect([...watched]).toEqual([200, 300])
  expect(threads.has(100)).toBe(false)
  expect(threads.get(300)).toEqual({ lastCpu: null, drifts: 0, cpuShare: 0 })
})

test('this machine can be looked at', () => {
  const clock = { now: () => performance.now() * 1000, epochWall: 0 }
  using real = new MachineWatch({ topology: { cores }, clock, workerThreads: () => [] })
  expect(() => real.look()).not.toThrow()
})
