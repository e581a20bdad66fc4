import { proposeHeap } from '../../src/main/engine/scheduler/allocation/propose-heap.ts'
import { LiveOptions } from '../../src/main/engine/scheduler/live-options.ts'
import { workerHeapRange } from '../../src/main/engine/scheduler/options.ts'
import type { AllocationReport } from '../../src/shared/contract/allocation.ts'
import type { HostEvent } from '../../src/shared/contract/system.ts'
import type { CommandAnswers } from './command-answers.ts'
import type { Answers } from './made-up-host.ts'

/** Options that can be changed and change nothing. */
export class OptionAnswers {
  readonly #options = new LiveOptions({})
  readonly #commands: CommandAnswers
  readonly #announce: (event: HostEvent) => void

  constructor(commands: CommandAnswers, announce: (event: HostEvent) => void) {
    this.#commands = commands
    this.#announce = announce
  }

  infos() {
    return this.#options.infos()
  }

  #allocation(): AllocationReport {
    const limitMiB = Number(this.#options.current.workerHeapMiB)
    const facts = { limit: limitMiB, ...workerHeapRange, samples: 12_480, overruns: 0 }
    const operations = [
      { operation: 'words.count', peak: 71 * 2 ** 20, samples: 8_112 },
      { operation: 'cpu.complex', peak: 18 * 2 ** 20, samples: 4_100 },
      { operation: 'files.read', peak: 9.4 * 2 ** 20, samples: 268 },
    ]
    return { limitMiB, since: 0, overruns: 0, operations, proposal: proposeHeap({ ...facts, peak: 71 }) }
  }

  readonly answers: Pick<Answers, 'options.set' | 'allocation.report' | 'allocation.apply'> = {
    'allocation.report': () => this.#allocation(),
    'allocation.apply': ({ heapMiB, reason }) => {
      const before = this.#allocation().limitMiB
      this.#options.set({ workerHeapMiB: heapMiB })
      const auditId = this.#commands.record('set options', 'workerHeapMiB', reason, 'done')
      this.#announce({ kind: 'options-changed' })
      return { limitMiB: heapMiB, before, auditId }
    },
    'options.set': ({ changes, reason }) => {
      const changed = [...this.#options.set(changes)]
      const auditId = this.#commands.record('set options', Object.keys(changes).join(', '), reason, 'done')
      this.#announce({ kind: 'options-changed' })
      return { changed, options: this.infos(), auditId }
    },
  }
}
