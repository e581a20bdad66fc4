import { AsyncLocalStorage } from 'node:async_hooks'
import { GuardhouseError } from '../../../shared/errors.ts'
import type {
  OperationContext,
  OperationLog,
  OperationRuntime,
  RuntimeToken,
  TokenRequest,
} from '../../../shared/model/runtime.ts'
import { busContext } from '../workers/bus-context.ts'
import { kernelContext } from '../workers/kernel-context.ts'
import { receiptContext } from '../workers/receipt-context.ts'
import { operationRegistry } from './import-operations.ts'

/**
 * Runs every operation at once in this thread: no scheduler, but contexts, children and clones as a worker has them, one lane for each
 * sticky key, and retries without a wait.
 */
export class DirectRuntime implements OperationRuntime {
  readonly submitted: string[] = []
  readonly progress: number[] = []
  readonly lines: string[] = []
  /** Operations that end as killed instead of running. */
  readonly killed = new Set<string>()
  readonly #contexts = new AsyncLocalStorage<OperationContext>()
  readonly #stop = new AbortController()
  /** End of the newest token by sticky key. */
  readonly #lanes = new Map<string, Promise<unknown>>()

  /** Aborts the signal of everything that runs. */
  abort(): void {
    this.#stop.abort()
  }

  context(): OperationContext | null {
    return this.#contexts.getStore() ?? null
  }

  submit(request: TokenRequest): RuntimeToken {
    this.submitted.push(request.operationType)
    const id = `${request.operationType}-${this.submitted.length}`
    const outcome = this.#inLane(id, request)
    outcome.catch(() => null)
    return {
      accepted: Promise.resolve(id),
      outcome,
      status: async () => ({ ...noTimes, id, operationType: request.operationType }),
      kill: () => Promise.resolve(false),
    }
  }

  #inLane(id: string, request: TokenRequest): Promise<unknown> {
    const { stickyAnchor } = operationRegistry().get(request.operationType)?.tags ?? {}
    if (stickyAnchor === undefined) return this.#run(id, request, 1)
    const key = `${stickyAnchor} ${JSON.stringify(request.arguments)}`
    const run = () => this.#run(id, request, 1)
    const outcome = (this.#lanes.get(key) ?? Promise.resolve()).then(run, run)
    this.#lanes.set(key, outcome)
    return outcome
  }

  async #run(id: string, request: TokenRequest, attempt: number): Promise<unknown> {
    const { operationType, arguments: values } = request
    const cloned = structuredClone(values) as never[]
    // An operation never begins inside the call that submits it.
    await Promise.resolve()
    if (this.killed.has(operationType)) throw new GuardhouseError('killed', `${id} was killed`)
    const operation = operationRegistry().get(operationType)
    if (operation === undefined) throw new GuardhouseError('not-found', `there is no operation ${operationType}`)
    const run = () => operation.run.apply(operation.receiver(), cloned)
    try {
      return structuredClone(await this.#contexts.run(this.#contextOf(id, operationType, attempt), run))
    } catch (error) {
      const times = operation.tags.retry?.times ?? 0
      const again = error instanceof Error && 'retryable' in error && attempt <= times
      if (again) return await this.#run(id, request, attempt + 1)
      throw error
    }
  }

  #contextOf(token: string, operationType: string, attempt: number): OperationContext {
    const write = (...values: readonly unknown[]) => void this.lines.push(values.join(' '))
    const log: OperationLog = { debug: write, info: write, warn: write, error: write }
    const progress = (fraction: number) => void this.progress.push(fraction)
    return {
      token,
      operationType,
      attempt,
      signal: this.#stop.signal,
      log,
      progress,
      bus: noBus,
      receipts: noReceipts,
      kernel: noKernel,
    }
  }
}

const noTimes = { state: 'COMPLETED', age: 0, waited: 0, ran: 0, core: 1 }

const noReceipts = receiptContext(async () => {
  throw new GuardhouseError('unsupported', 'there are no receipts here')
})

const noBus = busContext(async () => {
  throw new GuardhouseError('unsupported', 'there is no bus here')
})

const noKernel = kernelContext(
  async () => {
    throw new GuardhouseError('unsupported', 'there is no kernel here')
  },
  () => new AbortController().signal,
)
