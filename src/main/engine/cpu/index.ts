/**
 * What the machine offers, how a thread is bound to a CPU, and what each CPU is doing.
 *
 * Order of calls, because masks are inherited by threads and child processes that a bound thread creates:
 *
 * 1. Unbound thread that starts the workers: `readTopology()`, `loadAffinity()` (so that the native library is first loaded by one
 *    thread alone), `await warmUpThreadPool()`.
 * 2. Each worker, first thing: `const affinity = loadAffinity()`, then `affinity.bind(cpu)`, and report the Binding.
 * 3. Back on the unbound thread: `sampler.watch(binding.threadId)` on that report, `sampler.forget` when the worker has ended.
 */
export { type AffinityLoaders, loadAffinity } from './affinity.ts'
export { formatCpuList, parseCpuList } from './cpu-list.ts'
export { type CpuTimes, createMachineSampler, type MachineSampler } from './machine-sampler.ts'
export type { ThreadAffinity } from './thread-affinity.ts'
export { threadCpuTime } from './thread-cost.ts'
export { warmUpThreadPool } from './thread-pool.ts'
export { createThreadSampler, type ThreadSampler } from './thread-sampler.ts'
export { readTopology } from './topology.ts'
export type { TopologySource } from './topology-source.ts'
export {
  type BoundThread,
  type PinDrift,
  type UsageReading,
  type Utilization,
  UtilizationMeter,
  utilizationBetween,
} from './utilization.ts'
