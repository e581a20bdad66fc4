import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export interface Call {
  readonly operationType: string
  readonly arguments?: readonly unknown[]
}

export interface ThreadRequest {
  /** Imported one after the other. */
  readonly moduleUrls: readonly string[]
  /** Run at once after the imports. */
  readonly calls: readonly Call[]
  /** Operations that end as killed instead of running. */
  readonly killed?: readonly string[]
  /** Acts as a runtime that cannot strip types, as Electron's may be. */
  readonly withoutTypeStripping?: boolean
}

export interface ThreadReport {
  readonly exported: readonly ReadonlyMap<string, string>[]
  readonly results: readonly PromiseSettledResult<unknown>[]
  readonly submitted: readonly string[]
  readonly lines: readonly string[]
  readonly progress: readonly number[]
}

export const scanEntry = new URL('./scan-entry.ts', import.meta.url)
export const sdkEntry = new URL('../../sdk/index.ts', import.meta.url)

/** Imports modules and runs operations in a real thread with the module hooks. Rejects with what an import throws, or when the thread ends. */
export async function inThread(request: ThreadRequest): Promise<ThreadReport> {
  const worker = new Worker(new URL('./operation-thread.fixture.ts', import.meta.url), {
    workerData: { ...request, sdkEntry: sdkEntry.href },
  })
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`the thread ended with exit code ${String(code)}`)
  })
  try {
    // `once` rejects when the thread throws first.
    const [report] = await Promise.race([once(worker, 'message'), ended])
    return report as ThreadReport
  } finally {
    await worker.terminate()
    await ended.catch(() => null)
  }
}
