import { Niceness, type NicenessChange, nicenessFor } from './niceness.ts'

export interface WorkerNicenessParts {
  /** Threads of the workers as the system numbers them. */
  readonly threads: () => readonly { readonly threadId: number }[]
  readonly quotaPct: () => number
  /** What a person should know. */
  readonly notice: (text: string) => void
  /** Where a thread has a priority of its own; elsewhere that of the whole process would change, the window's with it. */
  readonly supported?: boolean
  readonly nicenessOf?: (threadId: number) => Pick<Niceness, 'apply' | 'restore'>
}

/** Gives each worker thread the priority that the CPU quota asks for, and gives it back when the quota is lifted, and at the end. */
export class WorkerNiceness implements Disposable {
  readonly #parts: Required<WorkerNicenessParts>
  readonly #threads = new Map<number, { readonly niceness: Pick<Niceness, 'apply' | 'restore'>; quotaPct: number }>()
  #told = ''

  constructor(parts: WorkerNicenessParts) {
    this.#parts = {
      supported: process.platform === 'linux',
      nicenessOf: (threadId) => new Niceness(threadId),
      ...parts,
    }
  }

  /** To be called now and then: threads come and go, and the quota changes. */
  look(): void {
    const { threads, quotaPct, supported } = this.#parts
    const quota = quotaPct()
    if (!supported) {
      if (nicenessFor(quota) !== null) this.#tell('threads have no priority of their own on this system.')
      return
    }
    const present = new Set(threads().map(({ threadId }) => threadId))
    for (const threadId of this.#threads.keys()) if (!present.has(threadId)) this.#threads.delete(threadId)
    for (const threadId of present) {
      const problem = this.#change(threadId, quota)?.problem
      if (problem != null) this.#tell(`${problem}. Workers that start from now on have the right one.`)
    }
  }

  /** What cannot be given back now ends with its thread. */
  [Symbol.dispose](): void {
    for (const { niceness } of this.#threads.values()) niceness.restore()
    this.#threads.clear()
  }

  /** Null when nothing is to be done. */
  #change(threadId: number, quotaPct: number): NicenessChange | null {
    const known = this.#threads.get(threadId)
    if (known?.quotaPct === quotaPct || (known === undefined && nicenessFor(quotaPct) === null)) return null
    const thread = known ?? { niceness: this.#parts.nicenessOf(threadId), quotaPct }
    thread.quotaPct = quotaPct
    this.#threads.set(threadId, thread)
    return nicenessFor(quotaPct) === null ? thread.niceness.restore() : thread.niceness.apply(quotaPct)
  }

  /** The same is not told again for every thread. */
  #tell(why: string): void {
    const text = `The CPU quota is not applied as asked: ${why}`
    if (text !== this.#told) this.#parts.notice(text)
    this.#told = text
  }
}
