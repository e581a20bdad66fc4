import type { WorkerView } from './worker-view.ts'

/**
 * proven: asked, read back and last seen are the same CPU. bound: asked and read back agree, and it has not been seen
 * running yet. drifted: it was seen elsewhere. unbound: the kernel's mask is another. unknown: the kernel does not tell.
 */
export type PinningVerdict = 'absent' | 'proven' | 'bound' | 'drifted' | 'unbound' | 'unknown'

export const unknownCpu = -1
export const severalCpus = -2

type Pinned = Pick<WorkerView, 'state' | 'asked' | 'confirmed' | 'lastCpu'>

/** What the three readings of a worker's CPU say together. */
export function pinningVerdict({ state, asked, confirmed, lastCpu }: Pinned): PinningVerdict {
  if (state === 'absent' || state === 'starting' || state === 'replacing') return 'absent'
  if (confirmed === unknownCpu) return 'unknown'
  if (confirmed !== asked) return 'unbound'
  if (lastCpu === unknownCpu) return 'bound'
  return lastCpu === asked ? 'proven' : 'drifted'
}

/** One sentence on a verdict. */
export function describeVerdict(verdict: PinningVerdict, worker: Pinned): string {
  switch (verdict) {
    case 'absent':
      return 'There is no thread yet.'
    case 'proven':
      return `Bound to CPU ${worker.asked}: the kernel confirms it, and it last ran there.`
    case 'bound':
      return `Bound to CPU ${worker.asked}: the kernel confirms it; it has not been seen running yet.`
    case 'drifted':
      return `Bound to CPU ${worker.asked}, but last seen on CPU ${worker.lastCpu}.`
    case 'unbound':
      return `Asked for CPU ${worker.asked}, but the kernel allows ${cpuWord(worker.confirmed)}.`
    case 'unknown':
      return `Asked for CPU ${worker.asked}; the kernel does not say what it allows.`
  }
}

function cpuWord(cpu: number): string {
  return cpu === severalCpus ? 'several CPUs' : `CPU ${cpu}`
}
