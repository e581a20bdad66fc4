/** What the machine offers and what each core is doing. Core numbers are 1-based and dense; cpu is the operating system's logical CPU. */

export type CoreKind = 'performance' | 'efficiency' | 'unknown'

/** One logical CPU that this process may use. */
export interface CoreInfo {
  /** 1-based core number used by routing and shown to people. */
  readonly core: number
  /** The operating system's logical CPU number. */
  readonly cpu: number
  /** Physical package (socket). */
  readonly package: number
  /** Physical core within the machine; SMT siblings share it. */
  readonly physicalCore: number
  /** Other logical CPUs of the same physical core. */
  readonly siblings: readonly number[]
  readonly kind: CoreKind
}

/** CPUs that share one cache. */
export interface SharedCache {
  readonly level: number
  readonly sizeKiB: number | null
  readonly cpus: readonly number[]
}

export interface Topology {
  /** Sorted by package, then physical core, then sibling; only CPUs in the process' affinity mask, and online. */
  readonly cores: readonly CoreInfo[]
  readonly packages: number
  readonly physicalCores: number
  /** Logical CPUs of the whole machine, also those this process may not use. */
  readonly logicalCpus: number
  readonly sharedCaches: readonly SharedCache[]
  /** CPU time quota of the control group in cores (1.5 = one and a half), null when there is none. */
  readonly quotaCores: number | null
  /** How many cores it is sensible to keep busy: min(cores, ceil(quota)). At least 1. */
  readonly usableCores: number
  readonly model: string
  /** Where each fact came from or why it is missing, one sentence each, for the window. */
  readonly notes: readonly string[]
}

/** Result of binding one thread. Green only when asked and confirmed agree. */
export interface Binding {
  readonly asked: number
  /** The thread's mask as read back from the kernel; null where it cannot be read. */
  readonly confirmed: readonly number[] | null
  /** The kernel's id of the thread, null where unknown. */
  readonly threadId: number | null
  /** Why the thread is not bound, in one sentence; null when it is. */
  readonly problem: string | null
}

/** One reading of one thread's use of the CPU. */
export interface ThreadReading {
  readonly threadId: number
  /** Logical CPU the thread last ran on; null when the thread is gone or the platform does not tell. */
  readonly lastCpu: number | null
  /** User plus system time since the thread started, microseconds. */
  readonly cpuTime: number
}

/** Share of one interval, each 0..1, sum at most 1. */
export interface CoreUtilization {
  readonly core: number
  readonly cpu: number
  /** Time used by our pinned workers that last ran on this CPU. */
  readonly ours: number
  /** Time used by everything else on the machine. */
  readonly others: number
  readonly idle: number
}
