import { workerStates } from '../../src/shared/contract/system.ts'
import { makeColumns } from '../../src/shared/frames/frame.ts'
import { encodeTelemetry, telemetryLayout } from '../../src/shared/frames/telemetry.ts'
import { Samples } from './made-up-operation.ts'
import type { MadeUpScheduler, MadeUpWorker } from './made-up-scheduler.ts'

/** Invents one telemetry frame after another from the state of the scheduler. */
export class TelemetryFrames {
  readonly #scheduler: MadeUpScheduler
  readonly #failing: boolean
  #sequence = 0
  #last = { at: 0, ended: 0 }
  #throughput = 0

  constructor(scheduler: MadeUpScheduler, failing: boolean) {
    this.#scheduler = scheduler
    this.#failing = failing
  }

  /** `framesMerged` is what the connection did not get one by one. */
  encode(framesMerged: number): ArrayBuffer {
    const { store, gatePaused } = this.#scheduler
    const now = this.#scheduler.now()
    const interval = now - this.#last.at
    this.#measureThroughput(now)
    const waits = quantilesOfAll(this.#scheduler, 'waits')
    const runs = quantilesOfAll(this.#scheduler, 'runs')
    return encodeTelemetry({
      sequence: ++this.#sequence,
      now,
      interval,
      gatePaused: gatePaused ? 1 : 0,
      heldNow: this.#scheduler.heldNow(),
      waitingNow: store.counts.WAITING,
      admittedNow: store.counts.ADMITTED,
      executingNow: store.counts.EXECUTING,
      created: store.created,
      completed: store.totals.COMPLETED,
      failed: store.totals.FAILED,
      killed: store.totals.KILLED,
      timedOut: store.totals.TIMEOUT,
      throughput: this.#throughput,
      waitP50: waits.p50 ?? Number.NaN,
      waitP95: waits.p95 ?? Number.NaN,
      waitP99: waits.p99 ?? Number.NaN,
      runP50: runs.p50 ?? Number.NaN,
      runP95: runs.p95 ?? Number.NaN,
      runP99: runs.p99 ?? Number.NaN,
      controlShare: 0.021 + 0.01 * Math.sin(now / 4e6),
      keepingShare: 0.034,
      restShare: 0.008,
      controlDelay: 180,
      tokensKept: store.tokens.length,
      tokensEvicted: store.evicted,
      tokensVersion: store.version,
      framesMerged,
      logLinesDropped: this.#failing ? 18_204 : 0,
      cores: this.#cores(now),
      workers: this.#workers(),
    })
  }

  #measureThroughput(now: number): void {
    const { totals } = this.#scheduler.store
    const ended = totals.COMPLETED + totals.FAILED + totals.KILLED + totals.TIMEOUT
    const seconds = (now - this.#last.at) / 1e6
    if (this.#last.at > 0 && seconds > 0) {
      const rate = (ended - this.#last.ended) / seconds
      this.#throughput += (rate - this.#throughput) * Math.min(1, seconds)
    }
    this.#last = { at: now, ended }
  }

  #cores(now: number) {
    const { patterns, workers } = this.#scheduler
    const cores = makeColumns(telemetryLayout.tables.cores, patterns.length)
    patterns.forEach((pattern, index) => {
      const own = workers.filter((worker) => worker.core === index + 1)
      const busy = own.filter((worker) => worker.running !== null).length / Math.max(1, own.length)
      const ours = busy * (0.8 + 0.15 * Math.sin(now / 1.1e6 + index))
      const others = (1 - ours) * (0.08 + 0.07 * Math.sin(now / 2.3e6 + index * 2))
      cores.core[index] = index + 1
      cores.cpu[index] = index
      cores.ours[index] = ours
      cores.others[index] = others
      cores.idle[index] = 1 - ours - others
      cores.pattern[index] = pattern
      cores.depth[index] = own.reduce((depth, worker) => depth + worker.mailbox.length, 0)
      cores.executed[index] = own.reduce((executed, worker) => executed + worker.executed, 0)
    })
    return cores
  }

  #workers() {
    const { workers, mailboxMax } = this.#scheduler
    const columns = makeColumns(telemetryLayout.tables.workers, workers.length)
    workers.forEach((worker, index) => {
      const drifting = this.#failing && index % 7 === 3
      columns.core[index] = worker.core
      columns.slot[index] = worker.slot
      columns.state[index] = workerStates.indexOf(this.#stateOf(worker, index))
      columns.asked[index] = worker.core - 1
      columns.confirmed[index] = drifting ? -2 : worker.core - 1
      columns.lastCpu[index] = drifting ? worker.core % this.#scheduler.patterns.length : worker.core - 1
      columns.depth[index] = worker.mailbox.length
      columns.mailboxMax[index] = mailboxMax
      columns.running[index] = worker.running?.sequence ?? 0
      columns.operation[index] = worker.running?.operation.index ?? 0
      columns.since[index] = worker.since
      columns.executed[index] = worker.executed
      columns.restarts[index] = worker.restarts
      columns.drifts[index] = drifting ? 12 + index : 0
      columns.cpuShare[index] = worker.running === null ? 0 : 0.93
    })
    return columns
  }

  #stateOf(worker: MadeUpWorker, index: number): (typeof workerStates)[number] {
    if (this.#failing && index % 11 === 5) return 'replacing'
    if (this.#failing && index % 11 === 6) return 'stopping'
    return worker.running === null ? 'idle' : 'running'
  }
}

/** Quantiles over the medians of the operations: near enough for an invention, and cheap. */
export function quantilesOfAll(scheduler: MadeUpScheduler, which: 'waits' | 'runs') {
  const samples = new Samples()
  const operations = new Set(scheduler.store.tokens.slice(-200).map((token) => token.operation))
  for (const operation of operations) {
    const { p50, p95 } = operation[which].quantiles()
    if (p50 !== null) samples.add(p50)
    if (p95 !== null) samples.add(p95)
  }
  return samples.quantiles()
}
