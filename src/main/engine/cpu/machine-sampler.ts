import { closeSync, openSync, readSync } from 'node:fs'
import { cpus } from 'node:os'
import { assertDefined } from '../../../shared/assert.ts'

/** Time one CPU of the machine has spent, microseconds since some fixed moment (boot, as a rule). */
export interface CpuTimes {
  /** The operating system's logical CPU number. */
  readonly cpu: number
  /** Work of anyone, interrupts, and time a hypervisor gave to another machine. */
  readonly busy: number
  /** Nothing to run, also while waiting for a disk. */
  readonly idle: number
}

/** Reads how busy every CPU of the machine has been. */
export interface MachineSampler extends Disposable {
  /** Where the times come from, for people. */
  readonly name: string
  /** One entry per online CPU, ascending. Times step by 10 ms on Linux, so compare readings well further apart than that. */
  sample(): CpuTimes[]
}

/** The sampler of this platform. `statFile` is where procfs shows the machine's times. */
export function createMachineSampler(
  platform: NodeJS.Platform = process.platform,
  statFile = '/proc/stat',
): MachineSampler {
  const file = platform === 'linux' ? openIfReadable(statFile) : null
  return file === null ? new PortableMachineSampler() : new LinuxMachineSampler(file)
}

/** USER_HZ is 100 on every platform Node supports. */
const microsecondsPerTick = 10_000
const microsecondsPerMillisecond = 1000
const lineAfterCpus = '\nintr '

/**
 * Reads `/proc/stat` (proc_stat(5)) through one open file. `os.cpus()` reads the same times, but each CPU's model and
 * clock rate too, and takes about five times as long on two CPUs.
 */
class LinuxMachineSampler implements MachineSampler {
  readonly name = '/proc/stat'
  #file: number | null
  // Room for about 80 CPUs at first. The rest of the file, mostly interrupt counts, can be far longer and is not wanted.
  #buffer = Buffer.alloc(8192)

  constructor(file: number) {
    this.#file = file
  }

  sample(): CpuTimes[] {
    const file = assertDefined(this.#file, 'a disposed sampler is not asked')
    for (;;) {
      const length = readSync(file, this.#buffer, 0, this.#buffer.length, 0)
      const text = this.#buffer.toString('latin1', 0, length)
      if (length < this.#buffer.length || text.includes(lineAfterCpus)) return parseProcStat(text)
      this.#buffer = Buffer.alloc(this.#buffer.length * 2)
    }
  }

  [Symbol.dispose](): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }
}

/** Where there is no procfs. CPUs are numbered in the order the system lists them; on Windows that is one processor group only. */
class PortableMachineSampler implements MachineSampler {
  readonly name = 'os.cpus()'

  sample(): CpuTimes[] {
    return cpus().map(({ times }, cpu) => ({
      cpu,
      busy: (times.user + times.nice + times.sys + times.irq) * microsecondsPerMillisecond,
      idle: times.idle * microsecondsPerMillisecond,
    }))
  }

  [Symbol.dispose](): void {
    // Nothing is held open.
  }
}

function openIfReadable(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch {
    // A sandbox may hide it; os.cpus() then says what Node can still find out.
    return null
  }
}

/**
 * Reads the `cpuN` lines of `/proc/stat`. Guest time is already part of user time and is not added again; what an old
 * kernel does not list counts as 0.
 */
export function parseProcStat(text: string): CpuTimes[] {
  return Array.from(text.matchAll(/^cpu(\d+) (.*)$/gm), ([, cpu, times]) => {
    const ticks = (times ?? '').split(' ').map(Number)
    const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, interrupt = 0, softInterrupt = 0, steal = 0] = ticks
    return {
      cpu: Number(cpu),
      busy: (user + nice + system + interrupt + softInterrupt + steal) * microsecondsPerTick,
      idle: (idle + ioWait) * microsecondsPerTick,
    }
  })
}
