import { readdirSync, readFileSync } from 'node:fs'

/** CPU time so far of one thread, by the kernel's own account. */
export interface ThreadTime {
  readonly name: string
  readonly microseconds: number
  /** How often the kernel has put it on a CPU. */
  readonly slices: number
}

/**
 * Every thread of a process by its id, from `/proc/PID/task/TID/schedstat` (nanoseconds on the CPU, nanoseconds waiting, slices) and `comm`.
 * Empty where the system has no procfs. Threads that end between two readings are missing in the later one.
 */
export function readThreadTimes(pid: number): Map<number, ThreadTime> {
  const times = new Map<number, ThreadTime>()
  for (const id of threadIds(pid)) {
    const folder = `/proc/${pid}/task/${id}`
    try {
      const name = readFileSync(`${folder}/comm`, 'utf8').trim()
      const [nanoseconds = '0', , slices = '0'] = readFileSync(`${folder}/schedstat`, 'utf8').trim().split(' ')
      times.set(Number(id), { name, microseconds: Number(nanoseconds) / 1000, slices: Number(slices) })
    } catch {
      // It has ended meanwhile.
    }
  }
  return times
}

export interface ThreadShare {
  readonly name: string
  /** Threads of this name that did something. */
  readonly threads: number
  /** Of one core, 0..1. */
  readonly share: number
  readonly slicesPerSecond: number
}

/** What the threads of each name used between two readings, largest first. */
export function threadShares(
  before: ReadonlyMap<number, ThreadTime>,
  after: ReadonlyMap<number, ThreadTime>,
  milliseconds: number,
): ThreadShare[] {
  const shares = new Map<string, { threads: number; share: number; slicesPerSecond: number }>()
  for (const [id, { name, microseconds, slices }] of after) {
    const used = microseconds - (before.get(id)?.microseconds ?? 0)
    if (used <= 0) continue
    const sum = shares.get(name) ?? { threads: 0, share: 0, slicesPerSecond: 0 }
    sum.threads += 1
    sum.share += used / (milliseconds * 1000)
    sum.slicesPerSecond += ((slices - (before.get(id)?.slices ?? 0)) * 1000) / milliseconds
    shares.set(name, sum)
  }
  return [...shares].map(([name, sum]) => ({ name, ...sum })).sort((a, b) => b.share - a.share)
}

function threadIds(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}
