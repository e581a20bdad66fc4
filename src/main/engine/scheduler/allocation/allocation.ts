import type { AllocationReport } from '../../../../shared/contract/allocation.ts'
import { LimitedChannel } from '../../log/limited-channel.ts'
import type { LiveOptions } from '../live-options.ts'
import type { OperationEntry } from '../operation-table.ts'
import { workerHeapRange } from '../options.ts'
import type { SchedulerState } from '../scheduler-state.ts'
import { type HeapProposal, proposeHeap } from './propose-heap.ts'

const mebibyte = 2 ** 20
/** Microseconds between two looks at whether a proposal is to be applied by itself. */
const lookEvery = 1_000_000

interface Peak {
  readonly operation: OperationEntry
  /** Bytes. */
  peak: number
  samples: number
}

/**
 * The allocation optimizer: keeps the largest heap that workers were seen to use, by operation, and proposes a limit. A person applies it,
 * or the option `allocationAuto` does. Everything is measured anew once the limit has changed.
 */
export class Allocation {
  readonly #state: SchedulerState
  readonly #options: LiveOptions
  readonly #notify: (level: 'info' | 'warn', text: string) => void
  readonly #channel: LimitedChannel
  /** By index of the operation. */
  readonly #peaks = new Map<number, Peak>()
  #overruns = 0
  #since: number
  #lookedAt = 0

  constructor(state: SchedulerState, options: LiveOptions, notify: (level: 'info' | 'warn', text: string) => void) {
    this.#state = state
    this.#options = options
    this.#notify = notify
    this.#channel = new LimitedChannel(state.log, 'worker', () => state.now())
    this.#since = state.now()
    options.onChange((changed) => {
      if (changed.some(({ name }) => name === 'workerHeapMiB')) this.#startAnew()
    })
  }

  /** A worker uses `bytes` of heap while a token of the operation of that index runs. */
  measured(index: number, bytes: number): void {
    const operation = this.#state.operations.at(index)
    const known = this.#peaks.get(operation.index)
    const peak = known ?? { operation, peak: 0, samples: 0 }
    if (known === undefined) this.#peaks.set(operation.index, peak)
    peak.samples += 1
    if (bytes > peak.peak) {
      peak.peak = bytes
      const used = () => `a heap of ${(bytes / mebibyte).toFixed(1)} MiB, the largest seen while it runs`
      this.#channel.write('debug', used, () => ({ operation: operation.operationType }))
    }
    // The guard ends such a thread.
    if (bytes > this.#state.options.workerHeapMiB * mebibyte) this.#overruns += 1
    if (this.#state.options.allocationAuto && this.#state.now() - this.#lookedAt >= lookEvery) this.#applyByItself()
  }

  get proposal(): HeapProposal {
    let peak = 0
    let samples = 0
    for (const each of this.#peaks.values()) {
      peak = Math.max(peak, each.peak)
      samples += each.samples
    }
    const limit = this.#state.options.workerHeapMiB
    return proposeHeap({ limit, ...workerHeapRange, peak: peak / mebibyte, samples, overruns: this.#overruns })
  }

  report(): AllocationReport {
    const operations = [...this.#peaks.values()]
      .sort((left, right) => right.peak - left.peak)
      .map(({ operation, peak, samples }) => ({ operation: operation.operationType, peak, samples }))
    return {
      limitMiB: this.#state.options.workerHeapMiB,
      since: this.#since,
      overruns: this.#overruns,
      operations,
      proposal: this.proposal,
    }
  }

  #applyByItself(): void {
    this.#lookedAt = this.#state.now()
    const { kind, heapMiB, reason } = this.proposal
    if (kind !== 'raise' && kind !== 'lower') return
    const before = this.#state.options.workerHeapMiB
    this.#options.set({ workerHeapMiB: heapMiB })
    this.#notify(
      kind === 'raise' ? 'warn' : 'info',
      `The heap of workers is ${heapMiB} MiB instead of ${before}. ${reason}`,
    )
  }

  #startAnew(): void {
    this.#peaks.clear()
    this.#overruns = 0
    this.#since = this.#state.now()
  }
}
