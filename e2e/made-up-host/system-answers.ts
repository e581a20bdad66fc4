import type { GuardReport } from '../../src/shared/contract/guard.ts'
import { contractVersion } from '../../src/shared/contract/index.ts'
import type { Stats, SystemInfo } from '../../src/shared/contract/system.ts'
import type { Scenario } from './command-line.ts'
import { zeroCounts } from './made-up-operation.ts'
import type { MadeUpScheduler } from './made-up-scheduler.ts'
import { inventedTagStats } from './tag-answers.ts'
import { quantilesOfAll } from './telemetry-frames.ts'

const coresPerPackage = 64
const coresPerCache = 8

/** Invents the machine: two threads per physical core, packages of 64 logical CPUs, one L3 cache for every 8. */
export function inventedSystem(cores: number, scenario: Scenario, epochWall: number): SystemInfo {
  const cpus = Array.from({ length: cores }, (_, cpu) => cpu)
  const caches = Array.from({ length: Math.ceil(cores / coresPerCache) }, (_, cache) => ({
    level: 3,
    sizeKiB: 32_768,
    cpus: cpus.slice(cache * coresPerCache, (cache + 1) * coresPerCache),
  }))
  return {
    version: '0.1.0',
    contract: contractVersion,
    host: 'demo',
    readOnly: scenario === 'read-only',
    platform: 'linux',
    node: process.versions.node,
    electron: null,
    pid: process.pid,
    epochWall,
    affinity: { supported: true, name: 'sched_setaffinity', note: null },
    topology: {
      cores: cpus.map((cpu) => ({
        core: cpu + 1,
        cpu,
        package: Math.floor(cpu / coresPerPackage),
        physicalCore: Math.floor(cpu / 2),
        siblings: (cpu ^ 1) < cores ? [cpu ^ 1] : [],
        kind: 'unknown',
      })),
      packages: Math.ceil(cores / coresPerPackage),
      physicalCores: Math.ceil(cores / 2),
      logicalCpus: cores,
      sharedCaches: caches,
      quotaCores: null,
      usableCores: Math.max(1, cores),
      model: 'Made-up Processor 9000',
      notes: ['Nothing here is measured: this machine is invented.'],
    },
    options: [],
  }
}

export function inventedStats(scheduler: MadeUpScheduler, guard: GuardReport): Stats {
  const { store, workers, patterns } = scheduler
  return {
    active: true,
    guard,
    uptimeSeconds: scheduler.now() / 1e6,
    topology: {
      physical_cores: Math.ceil(patterns.length / 2),
      logical_cores: patterns.length,
      workers_per_core: scheduler.slotsPerCore,
      total_workers: workers.length,
    },
    token_pool: {
      total_created: store.created,
      total_killed: store.totals.KILLED,
      total_admitted: store.created - store.counts.WAITING,
      current_tokens: store.tokens.length,
      tokens_by_state: store.counts,
      paused: scheduler.gatePaused,
    },
    admission_gate: {
      active: !scheduler.gatePaused,
      total_admitted: store.created - store.counts.WAITING,
      mode: 'per-core',
    },
    worker_queue: {
      num_cores: patterns.length,
      workers_per_core: scheduler.slotsPerCore,
      total_workers: workers.length,
      total_executed: workers.reduce((sum, worker) => sum + worker.executed, 0),
      total_failed: store.totals.FAILED,
      core_position_counters: Object.fromEntries(patterns.map((_, index) => [String(index + 1), index * 3])),
    },
    affinity_distribution: {},
    convergence: null,
    tags: inventedTagStats(),
    totals: { ...zeroCounts(), ...store.totals },
    waits: quantilesOfAll(scheduler, 'waits'),
    runs: quantilesOfAll(scheduler, 'runs'),
    throughputPerSecond: 0,
    workers: workers.map((worker) => ({
      core: worker.core,
      slot: worker.slot,
      state: worker.running === null ? 'idle' : 'running',
      asked: worker.core - 1,
      confirmed: [worker.core - 1],
      lastCpu: worker.core - 1,
      threadId: 40_000 + worker.core * 8 + worker.slot,
      problem: null,
      mailboxDepth: worker.mailbox.length,
      executed: worker.executed,
      restarts: worker.restarts,
      process: null,
      drifts: 0,
      running: worker.running?.id ?? null,
    })),
    cores: patterns.map((pattern, index) => ({
      core: index + 1,
      cpu: index,
      pattern,
      ours: 0.5,
      others: 0.05,
      idle: 0.45,
      depth: workers
        .filter((worker) => worker.core === index + 1)
        .reduce((depth, worker) => depth + worker.mailbox.length, 0),
    })),
    controlShare: 0.021,
    keepingShare: 0.034,
    restShare: 0.008,
    lost: { framesMerged: 0, logLinesDropped: 0, tokensEvicted: store.evicted },
  }
}
