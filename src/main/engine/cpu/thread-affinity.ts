import type { Binding } from '../../../shared/model/core.ts'
import { formatCpuList, maxCpus } from './cpu-list.ts'

/**
 * Binds threads to CPUs. Every member acts on, or asks about, the thread that calls it, so each thread loads its own.
 * Nothing here throws: what cannot be done is said in the Binding, what is not known is null.
 */
export interface ThreadAffinity {
  /** False when `bind` can never succeed here; its Binding then says why. */
  readonly supported: boolean
  /** The mechanism, as shown to people. */
  readonly name: string
  /** Lets the calling thread run on `cpu` only, then reads its mask back from the kernel. */
  bind(cpu: number): Binding
  /**
   * From now on the calling thread, when it is woken, waits for its turn instead of interrupting what runs on its CPU; its share of
   * the time stays the same. False where the system knows no such thing.
   */
  waitForTurn(): boolean
  /** CPUs the calling thread may run on, ascending; null where the system does not tell. */
  readMask(): number[] | null
  /** CPU the calling thread runs on at this moment. */
  currentCpu(): number | null
  /** The kernel's id of the calling thread: what ThreadSampler takes. */
  threadId(): number | null
}

/** Whether a mask has a bit for `cpu`. That the CPU exists is for the system to say. */
export function isCpuNumber(cpu: number): boolean {
  return Number.isInteger(cpu) && cpu >= 0 && cpu < maxCpus
}

/** The problem of a Binding whose CPU is not `isCpuNumber`. */
export function describeBadNumber(cpu: number): string {
  return `${cpu} is not a CPU number: it must be a whole number from 0 to ${maxCpus - 1}.`
}

/** A Binding after the system accepted the request: it holds only if the mask read back is exactly the CPU asked for. */
export function confirmBinding(asked: number, confirmed: readonly number[] | null, threadId: number | null): Binding {
  return { asked, confirmed, threadId, problem: describeMismatch(asked, confirmed) }
}

function describeMismatch(asked: number, confirmed: readonly number[] | null): string | null {
  if (confirmed === null) return `The system accepted CPU ${asked}, but the thread's mask cannot be read back.`
  if (confirmed.length === 1 && confirmed[0] === asked) return null
  return `The system accepted CPU ${asked}, but the thread's mask reads ${formatCpuList(confirmed) || 'empty'}.`
}
