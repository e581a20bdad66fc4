import type { ConvergenceStatus } from '../../../shared/contract/convergence.ts'
import type { OperationInfo } from '../../../shared/contract/operations.ts'
import type { Stats, WorkerState } from '../../../shared/contract/system.ts'
import { workerStates } from '../../../shared/contract/system.ts'
import { makeColumns } from '../../../shared/frames/frame.ts'
import { type TelemetryFrame, telemetryLayout } from '../../../shared/frames/telemetry.ts'
import type { CoreUtilization, Topology } from '../../../shared/model/core.ts'
import { describeTags } from '../../../shared/model/tags.ts'
import { tokenStates } from '../../../shared/model/token.ts'
import type { PinnedWorker } from '../workers/pinned-worker.ts'
import type { Convergence } from './convergence/convergence.ts'
import { describeConvergence, summarise } from './convergence/convergence-report.ts'
import type { SchedulerState } from './scheduler-state.ts'
import { tagStatsOf } from './tags/tag-reports.ts'
import { stateNumbers } from './token-table.ts'

/** What only a sampler outside of the scheduler knows of the machine. */
export interface MachineReadings {
  readonly cores: readonly CoreUtilization[]
  /** Newest cpu seen, drifts and share of one core, by thread id. */
  readonly threads: ReadonlyMap<
    number,
    { readonly lastCpu: number | null; readonly drifts: number; readonly cpuShare: number }
  >
}

export type OperationReport = Pick<
  OperationInfo,
  'operation' | 'index' | 'weight' | 'tags' | 'paused' | 'counts' | 'runs' | 'waits' | 'lastError'
> & {
  readonly runnable: boolean
}

type StateCounts = Record<(typeof tokenStates)[number], number>
export type SchedulerStats = Omit<
  Stats,
  'guard' | 'controlShare' | 'keepingShare' | 'restShare' | 'lost' | 'active' | 'uptimeSeconds'
>
/** Fields of a telemetry frame that the scheduler does not know. */
export type HostFields =
  | 'sequence'
  | 'interval'
  | 'controlShare'
  | 'keepingShare'
  | 'restShare'
  | 'controlDelay'
  | 'framesMerged'
  | 'logLinesDropped'
export type SchedulerFrame = Omit<TelemetryFrame, HostFields>

// Throughput is what ended within about this long, microseconds.
const throughputWindow = 1_000_000

/** Figures for people and programs, made from the state when asked. */
export class Reports {
  readonly #state: SchedulerState
  readonly #topology: Topology
  readonly #convergence: Convergence
  /** (instant, tokens ended by then), oldest first. */
  readonly #ended: { at: number; count: number }[] = []

  constructor(state: SchedulerState, topology: Topology, convergence: Convergence) {
    this.#state = state
    this.#convergence = convergence
    this.#topology = topology
  }

  /** Log lines of kept tokens that were not kept. */
  get logLinesDropped(): number {
    return this.#state.logLinesDropped
  }

  /** Threads of workers whose kernel id is known, with the cpu each was asked to stay on. */
  workerThreads(): { threadId: number; cpu: number; bound: boolean }[] {
    const threads: { threadId: number; cpu: number; bound: boolean }[] = []
    for (const { binding, cpu } of this.#state.workers) {
      if (binding?.threadId != null) threads.push({ threadId: binding.threadId, cpu, bound: binding.problem === null })
    }
    return threads
  }

  /** Whether the operation is there and its module loads. */
  canRun(operationType: string): boolean {
    return this.#state.operations.find(operationType)?.moduleUrl != null
  }

  operations(): OperationReport[] {
    return this.#state.operations.entries.map((entry) => ({
      operation: entry.operationType,
      index: entry.index,
      weight: entry.weight,
      tags: describeTags(entry.tags),
      paused: entry.paused,
      counts: countsOf(entry.counts),
      runs: entry.runs.quantiles(),
      waits: entry.waits.quantiles(),
      lastError: entry.lastError,
      runnable: entry.moduleUrl !== null,
    }))
  }

  stats(machine: MachineReadings): SchedulerStats {
    const { table, gate, options, cores, workers, counts } = this.#state
    const executed = cores.reduce((sum, core) => sum + core.executed, 0)
    const totals = countsOf(counts)
    return {
      topology: {
        physical_cores: this.#topology.physicalCores,
        logical_cores: cores.length,
        workers_per_core: options.workersPerCore,
        total_workers: workers.length,
      },
      token_pool: {
        total_created: table.accepted,
        total_killed: totals.KILLED,
        total_admitted: gate.admitted,
        current_tokens: table.kept,
        tokens_by_state: totals,
        paused: gate.paused,
      },
      admission_gate: { active: !gate.paused, total_admitted: gate.admitted, mode: 'full_saturation' },
      worker_queue: {
        num_cores: cores.length,
        workers_per_core: options.workersPerCore,
        total_workers: workers.length,
        total_executed: executed,
        total_failed: totals.FAILED,
        core_position_counters: Object.fromEntries(cores.map((core) => [String(core.core), core.counter])),
      },
      affinity_distribution: Object.fromEntries(
        cores.map((core) => {
          const [heavy = 0, medium = 0, light = 0] = core.placedByWeight
          return [`core_${core.core}`, { heavy, medium, light, total_tasks: heavy + medium + light }]
        }),
      ),
      convergence: options.enableConvergence ? summarise(this.#state, this.#convergence) : null,
      tags: tagStatsOf(this.#state),
      totals,
      waits: this.#state.waits.quantiles(),
      runs: this.#state.runs.quantiles(),
      throughputPerSecond: this.#throughput(this.#state.now()),
      workers: workers.filter((worker) => worker.started).map((worker) => this.#workerStats(worker, machine)),
      cores: cores.map((core, index) => {
        const use = machine.cores[index]
        return {
          core: core.core,
          cpu: core.cpu,
          pattern: core.pattern,
          ours: use?.ours ?? 0,
          others: use?.others ?? 0,
          idle: use?.idle ?? 1,
          depth: core.load,
        }
      }),
    }
  }

  convergence(): ConvergenceStatus {
    return describeConvergence(this.#state, this.#convergence)
  }

  /** The scheduler's part of a telemetry frame. */
  frame(machine: MachineReadings): SchedulerFrame {
    const { table, gate, counts, operations } = this.#state
    const now = this.#state.now()
    const waits = this.#state.waits.quantiles()
    const runs = this.#state.runs.quantiles()
    const held = gate.heldCount(operations.entries)
    const count = (state: keyof typeof stateNumbers) => counts[stateNumbers[state]] ?? 0
    return {
      now,
      gatePaused: gate.paused ? 1 : 0,
      heldNow: held,
      waitingNow: count('WAITING'),
      admittedNow: count('ADMITTED'),
      executingNow: count('EXECUTING'),
      created: table.accepted,
      completed: count('COMPLETED'),
      failed: count('FAILED'),
      killed: count('KILLED'),
      timedOut: count('TIMEOUT'),
      throughput: this.#throughput(now),
      waitP50: waits.p50 ?? Number.NaN,
      waitP95: waits.p95 ?? Number.NaN,
      waitP99: waits.p99 ?? Number.NaN,
      runP50: runs.p50 ?? Number.NaN,
      runP95: runs.p95 ?? Number.NaN,
      runP99: runs.p99 ?? Number.NaN,
      tokensKept: table.kept,
      tokensEvicted: table.evicted,
      tokensVersion: table.version,
      cores: this.#coreColumns(machine),
      workers: this.#workerColumns(machine),
    }
  }

  #coreColumns(machine: MachineReadings): SchedulerFrame['cores'] {
    const { cores } = this.#state
    const columns = makeColumns(telemetryLayout.tables.cores, cores.length)
    for (const [row, core] of cores.entries()) {
      const use = machine.cores[row]
      columns.core[row] = core.core
      columns.cpu[row] = core.cpu
      columns.ours[row] = use?.ours ?? 0
      columns.others[row] = use?.others ?? 0
      columns.idle[row] = use?.idle ?? 1
      columns.pattern[row] = core.pattern
      columns.depth[row] = core.load
      columns.executed[row] = core.executed
    }
    return columns
  }

  #workerColumns(machine: MachineReadings): SchedulerFrame['workers'] {
    const { table } = this.#state
    const workers = this.#state.workers.filter((worker) => worker.started || worker.restarts > 0)
    const columns = makeColumns(telemetryLayout.tables.workers, workers.length)
    for (const [row, worker] of workers.entries()) {
      const thread = readingOf(worker, machine)
      const running = this.#running(worker)
      columns.core[row] = worker.core
      columns.slot[row] = worker.slot
      columns.state[row] = workerStates.indexOf(this.#workerState(worker))
      columns.asked[row] = worker.cpu
      columns.confirmed[row] = confirmedCpu(worker)
      columns.lastCpu[row] = thread?.lastCpu ?? -1
      columns.depth[row] = worker.depth
      columns.mailboxMax[row] = this.#state.coreOf(worker).placesOf(worker)
      columns.running[row] = running < 0 ? 0 : (table.sequence[running] ?? 0)
      columns.operation[row] = running < 0 ? 0 : (table.operation[running] ?? 0)
      columns.since[row] = running < 0 ? worker.readyAt : worker.runningSince()
      columns.executed[row] = worker.executed
      columns.restarts[row] = worker.restarts
      columns.drifts[row] = thread?.drifts ?? 0
      columns.cpuShare[row] = thread?.cpuShare ?? 0
    }
    return columns
  }

  #workerStats(worker: PinnedWorker, machine: MachineReadings): SchedulerStats['workers'][number] {
    const thread = readingOf(worker, machine)
    const running = this.#running(worker)
    return {
      core: worker.core,
      slot: worker.slot,
      state: this.#workerState(worker),
      asked: worker.cpu,
      confirmed: worker.binding?.confirmed?.slice() ?? null,
      lastCpu: thread?.lastCpu ?? null,
      threadId: worker.binding?.threadId ?? null,
      problem: worker.binding?.problem ?? null,
      mailboxDepth: worker.depth,
      executed: worker.executed,
      restarts: worker.restarts,
      process: worker.process.id,
      drifts: thread?.drifts ?? 0,
      running: running < 0 ? null : this.#state.idOf(running),
    }
  }

  /** Slot of the running token, or -1; a slot that serves another token by now does not count. */
  #running(worker: PinnedWorker): number {
    const slot = worker.runningSlot()
    return slot >= 0 && worker.runs(slot, this.#state.table.sequence[slot] ?? 0) ? slot : -1
  }

  #workerState(worker: PinnedWorker): WorkerState {
    if (!worker.started) return worker.restarts > 0 ? 'replacing' : 'absent'
    if (!worker.ready) return 'starting'
    for (const holder of this.#state.stopping.values()) if (holder === worker) return 'stopping'
    return worker.runningSlot() >= 0 ? 'running' : 'idle'
  }

  #throughput(now: number): number {
    const { counts } = this.#state
    const count =
      (counts[stateNumbers.COMPLETED] ?? 0) +
      (counts[stateNumbers.FAILED] ?? 0) +
      (counts[stateNumbers.KILLED] ?? 0) +
      (counts[stateNumbers.TIMEOUT] ?? 0)
    this.#ended.push({ at: now, count })
    while (this.#ended.length > 2 && now - (this.#ended[1]?.at ?? now) >= throughputWindow) this.#ended.shift()
    const [first] = this.#ended
    return first === undefined || now === first.at ? 0 : ((count - first.count) * 1e6) / (now - first.at)
  }
}

function readingOf(worker: PinnedWorker, machine: MachineReadings) {
  const threadId = worker.binding?.threadId
  return threadId == null ? undefined : machine.threads.get(threadId)
}

/** cpu read back, -1 unknown, -2 more than one. */
function confirmedCpu(worker: PinnedWorker): number {
  const confirmed = worker.binding?.confirmed
  if (confirmed == null) return -1
  return confirmed.length === 1 ? (confirmed[0] ?? -1) : -2
}

function countsOf(counts: Float64Array): StateCounts {
  return Object.fromEntries(tokenStates.map((state, index) => [state, counts[index] ?? 0])) as StateCounts
}
