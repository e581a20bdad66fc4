import { Worker } from 'node:worker_threads'
import { fromErrorData, GuardhouseError } from '../../../shared/errors.ts'
import type { Answer, Question, QuestionInput, QuestionName, QuestionOutput } from './questions.ts'

/** A thread that nobody asks anything for so long is ended, milliseconds; with it goes what it has read. */
const idleMs = 30_000
/** Enough for the largest file that is read; V8 ends the thread above it, and nothing else. */
const heapMb = 2048

interface OpenQuestion {
  resolve(output: unknown): void
  reject(error: unknown): void
}

/**
 * The thread that reads workflows and walks runs again, as the one who asks sees it: started with the first question, ended
 * when nobody asks any more. A thread that dies fails the questions that were open, and the next one starts another.
 */
export class WorkflowThread implements Disposable {
  readonly #entry: URL
  readonly #open = new Map<number, OpenQuestion>()
  #worker: Worker | null = null
  #idle: NodeJS.Timeout | null = null
  #next = 1

  constructor(entry: URL) {
    this.#entry = entry
  }

  /** Rejects with what the answer throws there, and with `internal` when the thread dies. */
  ask<Name extends QuestionName>(name: Name, input: QuestionInput<Name>): Promise<QuestionOutput<Name>> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const number = this.#next++
    this.#keepAwake()
    this.#worker ??= this.#start()
    this.#open.set(number, { resolve, reject })
    this.#worker.postMessage({ number, name, input } satisfies Question)
    return promise as Promise<QuestionOutput<Name>>
  }

  /** Whoever is about to ask need not wait until the thread has started. */
  wake(): void {
    if (this.#open.size > 0) return
    this.#keepAwake()
    this.#worker ??= this.#start()
    this.#endLater()
  }

  [Symbol.dispose](): void {
    this.#end(new GuardhouseError('stopped', 'Guardhouse is ending'))
  }

  #start(): Worker {
    const worker = new Worker(this.#entry, {
      name: 'guardhouse workflows',
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    })
    const lost = (why: string, cause?: unknown) => {
      if (this.#worker === worker)
        this.#end(new GuardhouseError('internal', `the thread of workflows died: ${why}`, { cause }))
    }
    worker.on('message', (answer: Answer) => this.#take(answer))
    worker.on('error', (error) => lost(error instanceof Error ? error.message : String(error), error))
    worker.on('exit', (code) => lost(`it ended with code ${code}`))
    return worker
  }

  #take({ number, output, error }: Answer): void {
    const question = this.#open.get(number)
    this.#open.delete(number)
    if (error === undefined) question?.resolve(output)
    else question?.reject(fromErrorData(error))
    if (this.#open.size === 0) this.#endLater()
  }

  #endLater(): void {
    this.#idle = setTimeout(() => this.#end(null), idleMs)
    this.#idle.unref()
  }

  #keepAwake(): void {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = null
  }

  #end(error: GuardhouseError | null): void {
    this.#keepAwake()
    const worker = this.#worker
    this.#worker = null
    void worker?.terminate()
    for (const question of this.#open.values()) question.reject(error)
    this.#open.clear()
  }
}
