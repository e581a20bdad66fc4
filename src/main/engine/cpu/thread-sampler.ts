import { closeSync, openSync, readSync } from 'node:fs'
import { GuardhouseError } from '../../../shared/errors.ts'
import type { ThreadReading } from '../../../shared/model/core.ts'

/** Reads where the threads of this process last ran, and how much CPU time they have used. */
export interface ThreadSampler extends Disposable {
  /** False where the system does not tell: every reading then has `lastCpu` null and `cpuTime` 0. */
  readonly supported: boolean
  /** Step of the CPU time the source counts in, microseconds; 0 when not supported. */
  readonly resolution: number
  /**
   * Starts reading a thread, by the id of `ThreadAffinity.threadId`. Call it while the thread is known to live. For an id that is
   * watched already it starts anew: the system has given the id to another thread.
   */
  watch(threadId: number): void
  /** Stops reading a thread; one that is not watched is ignored. */
  forget(threadId: number): void
  /**
   * One reading of every watched thread, in the order in which they were watched. A thread that has ended keeps its last known CPU time
   * and has `lastCpu` null, until it is forgotten.
   */
  sample(): ThreadReading[]
}

/**
 * The sampler of this platform. It may be used from any thread of the process, bound or not. `processFolder` is where procfs shows the
 * process whose threads are read.
 */
export function createThreadSampler(
  platform: NodeJS.Platform = process.platform,
  processFolder = '/proc/self',
): ThreadSampler {
  return platform === 'linux' ? new LinuxThreadSampler(processFolder) : new SilentThreadSampler()
}

/** The kernel counts in its own ticks, but shows procfs readers USER_HZ = 100 of them a second on every platform Node supports. */
const microsecondsPerTick = 10_000
const nanosecondsPerMicrosecond = 1000
/** A stat line is under 400 bytes; the longest possible one (every field at its full width) is under 1,200. */
const maxStatBytes = 2048

interface OpenThread {
  readonly stat: number
  /** Null where the kernel does not keep scheduling statistics. */
  readonly schedstat: number | null
}

interface WatchedThread {
  files: OpenThread | null
  cpuTime: number
}

/**
 * Reads `/proc/self/task/TID/stat` (proc_pid_stat(5): field 14 utime, 15 stime, 39 processor) and `schedstat` beside it, whose first
 * number is the time on the CPU in nanoseconds (the kernel's Documentation/scheduler/sched-stats.rst).
 *
 * The files stay open from `watch` to `forget`: that costs two descriptors per thread, is more than twice as fast as opening them each time,
 * and is also the only safe way. An open file belongs to its thread and fails with ESRCH after it, while a path would
 * show whichever new thread was given the old number.
 */
class LinuxThreadSampler implements ThreadSampler {
  readonly supported = true
  readonly resolution: number
  readonly #threads = new Map<number, WatchedThread>()
  readonly #buffer = Buffer.alloc(maxStatBytes)
  readonly #processFolder: string
  readonly #precise: boolean

  constructor(processFolder: string) {
    this.#processFolder = processFolder
    // Kernels built without these statistics lack the file, or write zeroes in it. The process itself has surely run a while.
    const own = openIfThere(`${processFolder}/schedstat`)
    this.#precise = own !== null && parseNumber(this.#buffer, 0, this.#readOrEnded(own) ?? 0) > 0
    if (own !== null) closeSync(own)
    this.resolution = this.#precise ? 1 / nanosecondsPerMicrosecond : microsecondsPerTick
  }

  watch(threadId: number): void {
    this.forget(threadId)
    this.#threads.set(threadId, { files: this.#open(threadId), cpuTime: 0 })
  }

  forget(threadId: number): void {
    const thread = this.#threads.get(threadId)
    if (thread === undefined) return
    closeThread(thread)
    this.#threads.delete(threadId)
  }

  sample(): ThreadReading[] {
    const readings: ThreadReading[] = []
    for (const [threadId, thread] of this.#threads) {
      const lastCpu = this.#read(thread)
      readings.push({ threadId, lastCpu, cpuTime: thread.cpuTime })
    }
    return readings
  }

  [Symbol.dispose](): void {
    for (const thread of this.#threads.values()) closeThread(thread)
    this.#threads.clear()
  }

  #open(threadId: number): OpenThread | null {
    const folder = `${this.#processFolder}/task/${threadId}`
    const stat = openIfThere(`${folder}/stat`)
    if (stat === null) return null
    if (!this.#precise) return { stat, schedstat: null }
    const schedstat = openIfThere(`${folder}/schedstat`)
    if (schedstat !== null) return { stat, schedstat }
    closeSync(stat)
    return null
  }

  /** Updates the thread's CPU time and returns the CPU it last ran on; closes its files when it has ended. */
  #read(thread: WatchedThread): number | null {
    if (thread.files === null) return null
    const { stat, schedstat } = thread.files
    const statLength = this.#readOrEnded(stat)
    const reading = statLength === null ? null : parseThreadStat(this.#buffer, statLength)
    const schedLength = schedstat === null ? 0 : this.#readOrEnded(schedstat)
    if (reading === null || schedLength === null) {
      closeThread(thread)
      return null
    }
    thread.cpuTime =
      schedstat === null
        ? reading.ticks * microsecondsPerTick
        : parseNumber(this.#buffer, 0, schedLength) / nanosecondsPerMicrosecond
    return reading.lastCpu
  }

  /** Number of bytes now in the buffer, null when the thread has ended. */
  #readOrEnded(file: number): number | null {
    try {
      return readSync(file, this.#buffer, 0, maxStatBytes, 0)
    } catch (error) {
      if (hasCode(error, 'ESRCH')) return null
      throw new GuardhouseError('internal', 'a thread of this process cannot be sampled', { cause: error })
    }
  }
}

/** For platforms without procfs. */
class SilentThreadSampler implements ThreadSampler {
  readonly supported = false
  readonly resolution = 0
  readonly #threads = new Set<number>()

  watch(threadId: number): void {
    this.#threads.add(threadId)
  }

  forget(threadId: number): void {
    this.#threads.delete(threadId)
  }

  sample(): ThreadReading[] {
    return [...this.#threads].map((threadId) => ({ threadId, lastCpu: null, cpuTime: 0 }))
  }

  [Symbol.dispose](): void {
    this.#threads.clear()
  }
}

function closeThread(thread: WatchedThread): void {
  if (thread.files === null) return
  closeSync(thread.files.stat)
  if (thread.files.schedstat !== null) closeSync(thread.files.schedstat)
  thread.files = null
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ESRCH')) return null
    const hint = hasCode(error, 'EMFILE')
      ? 'Raise the limit of open files (ulimit -n): each watched thread takes two.'
      : undefined
    throw new GuardhouseError('internal', `${path} cannot be opened to sample its thread`, { hint, cause: error })
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

const space = 0x20
const closingParenthesis = 0x29
const digitZero = 0x30

/** Fields of a stat line by proc_pid_stat(5)'s numbers; the name in parentheses is field 2. */
const statFields = { userTime: 14, systemTime: 15, processor: 39 } as const

/**
 * Reads one line of `/proc/PID/task/TID/stat` without making strings of it. `ticks` is user plus system time in USER_HZ.
 * Fields are counted from the last `)`: a thread may give itself a name with spaces and parentheses. Null when the line is not whole.
 */
export function parseThreadStat(bytes: Uint8Array, length: number): { lastCpu: number; ticks: number } | null {
  const nameEnd = bytes.lastIndexOf(closingParenthesis, length - 1)
  if (nameEnd < 0) return null
  let ticks = 0
  let field = 2
  for (let position = nameEnd; position < length; position++) {
    if (bytes[position] !== space) continue
    field++
    if (field === statFields.userTime || field === statFields.systemTime)
      ticks += parseNumber(bytes, position + 1, length)
    if (field === statFields.processor) return { lastCpu: parseNumber(bytes, position + 1, length), ticks }
  }
  return null
}

/** The decimal number that starts at `start`; 0 when no digit is there. */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let position = start; position < end; position++) {
    const digit = (bytes[position] ?? 0) - digitZero
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  return value
}
