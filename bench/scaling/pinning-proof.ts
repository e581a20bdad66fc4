import { readFileSync } from 'node:fs'
import { parseCpuList } from '../../src/main/engine/cpu/index.ts'

/** What the scheduler reports of a worker; the window shows the same. */
export interface ReportedWorker {
  readonly core: number
  readonly asked: number
  readonly confirmed: readonly number[] | null
  readonly lastCpu: number | null
  readonly threadId: number | null
}

export interface PinnedThread {
  readonly core: number
  readonly threadId: number
  readonly asked: number
  readonly confirmed: readonly number[] | null
  /** `Cpus_allowed_list` of /proc/self/task/TID/status. */
  readonly kernelAllows: readonly number[]
  /** Each CPU that /proc/self/task/TID/stat named as the last one, over all looks. */
  readonly kernelLastCpus: readonly number[]
  /** Each CPU that the scheduler reported as the last one. */
  readonly reportedLastCpus: readonly number[]
  readonly looks: number
}

export interface PinningProof {
  readonly threads: readonly PinnedThread[]
  /** Where kernel and scheduler disagree, in words. */
  readonly problems: readonly string[]
}

interface Seen {
  worker: ReportedWorker
  allows: readonly number[]
  kernel: Set<number>
  reported: Set<number>
  looks: number
}

/**
 * Puts what the scheduler reports beside what the kernel says, read here by simple means of its own so that one fault cannot hide in both.
 * Only Linux has these files; elsewhere the proof is empty.
 */
export class PinningWatch {
  readonly #reported: () => readonly ReportedWorker[]
  readonly #seen = new Map<number, Seen>()

  constructor(reported: () => readonly ReportedWorker[]) {
    this.#reported = reported
  }

  look(): void {
    if (process.platform !== 'linux') return
    for (const worker of this.#reported()) {
      if (worker.threadId === null) continue
      const seen = this.#seen.get(worker.threadId) ?? this.#begin(worker.threadId, worker)
      seen.worker = worker
      seen.allows = allowedCpus(worker.threadId)
      seen.kernel.add(lastCpu(worker.threadId))
      if (worker.lastCpu !== null) seen.reported.add(worker.lastCpu)
      seen.looks += 1
    }
  }

  proof(): PinningProof {
    const threads = [...this.#seen].map(([threadId, { worker, allows, kernel, reported, looks }]) => ({
      core: worker.core,
      threadId,
      asked: worker.asked,
      confirmed: worker.confirmed,
      kernelAllows: allows,
      kernelLastCpus: [...kernel],
      reportedLastCpus: [...reported],
      looks,
    }))
    return { threads, problems: threads.flatMap(problemsOf) }
  }

  #begin(threadId: number, worker: ReportedWorker): Seen {
    const seen: Seen = { worker, allows: [], kernel: new Set(), reported: new Set(), looks: 0 }
    this.#seen.set(threadId, seen)
    return seen
  }
}

function problemsOf(thread: PinnedThread): string[] {
  const { core, asked, confirmed, kernelAllows, kernelLastCpus, reportedLastCpus } = thread
  const views = {
    confirmed,
    'allowed by the kernel': kernelAllows,
    'last run on': kernelLastCpus,
    reported: reportedLastCpus,
  }
  return Object.entries(views)
    .filter(([, cpus]) => cpus?.length !== 1 || cpus[0] !== asked)
    .map(([view, cpus]) => `the worker of core ${core} was to be on CPU ${asked}, but ${view}: ${cpus?.join(' ')}`)
}

/** The line `Cpus_allowed_list` of proc_pid_status(5). */
function allowedCpus(threadId: number): readonly number[] {
  const status = readFileSync(`/proc/self/task/${threadId}/status`, 'utf8')
  return parseCpuList(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '') ?? []
}

/** Field 39, processor, of proc_pid_stat(5); counted behind the name, which may hold spaces. */
function lastCpu(threadId: number): number {
  const stat = readFileSync(`/proc/self/task/${threadId}/stat`, 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[39 - 3])
}
