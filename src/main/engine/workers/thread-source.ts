import { Worker } from 'node:worker_threads'
import type { ModuleHookSettings } from '../workspace/module-hooks.ts'
import { endThread, type LoadingThread, makeLoadingWord } from './native-loading.ts'
import type { BareThreadData } from './worker-protocol.ts'

/** What V8 may use beyond our own limit before it takes the process down; see heap-guard.ts. */
const heapHeadroomMiB = 1024

// Not while the first workers of a host still load their modules.
const firstSpareAfterMs = 1000

export interface BareThread extends LoadingThread {
  readonly thread: Worker
  /** Old-generation heap it was started with, MiB. */
  readonly heapMiB: number
}

/**
 * Where worker threads come from. A thread needs 40 to 200 milliseconds of CPU time until its modules are loaded, on a busy machine a second
 * or more, and whoever waits in the mailbox of one that died waits that long. So one is kept ready that has loaded everything and
 * belongs to no core yet: it only has to be told its place. A worker that starts for the first time loads its own and leaves the spare
 * one alone, for a kill may follow at once.
 */
export class ThreadSource {
  readonly #entry: URL
  readonly #modules: ModuleHookSettings
  readonly #heapMiB: () => number
  readonly #keepsSpare: boolean
  #spare: BareThread | null = null
  #timer: NodeJS.Timeout | null = null
  #spareAfterMs = firstSpareAfterMs
  #disposed = false

  constructor(entry: URL, modules: ModuleHookSettings, heapMiB: () => number, keepsSpare = true) {
    this.#entry = entry
    this.#modules = modules
    this.#heapMiB = heapMiB
    this.#keepsSpare = keepsSpare
  }

  /** A new thread that waits for its place, as a message. */
  start(): BareThread {
    const heapMiB = this.#heapMiB()
    const { sdkEntry, codeCache } = this.#modules
    const loading = makeLoadingWord()
    const workerData: BareThreadData = { sdkEntry: sdkEntry.href, codeCache, loading }
    const thread = new Worker(this.#entry, {
      name: 'worker',
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: heapMiB + heapHeadroomMiB },
    })
    return { thread, heapMiB, loading }
  }

  /** A thread in place of one that died: the spare one, if there is one with the heap asked for now. */
  replacement(): BareThread {
    const spare = this.#spare
    if (spare === null) return this.start()
    this.#spare = null
    spare.thread.removeAllListeners()
    this.#spareAfterMs = 0
    if (spare.heapMiB === this.#heapMiB()) return spare
    void endThread(spare)
    return this.start()
  }

  /** A worker is ready: now the next spare thread may load without taking the CPU from it. */
  workerReady(): void {
    if (!this.#keepsSpare || this.#spare !== null || this.#timer !== null) return
    this.#timer = setTimeout(() => this.prepare(), this.#spareAfterMs)
    this.#timer.unref()
  }

  /** A thread may have to be replaced soon. */
  prepare(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (!this.#keepsSpare || this.#spare !== null || this.#disposed) return
    const spare = this.start()
    this.#spare = spare
    const drop = () => {
      if (this.#spare === spare) this.#spare = null
    }
    // Whatever it died of, a worker that needs a thread will meet it again and tell.
    spare.thread.once('error', drop)
    spare.thread.once('exit', drop)
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#spare !== null) await endThread(this.#spare)
  }
}
