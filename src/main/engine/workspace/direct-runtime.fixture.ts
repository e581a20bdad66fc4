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
import { receiptContext } from '../workers/receipt-context.ts'
import { operationRegistry } from './import-operations.ts'

/** Runs every operation at once in this thread: no scheduler, but contexts, children and clones as a worker has them. */
export class DirectRuntime implements OperationRuntime {
  readonly submitted: string[] = []
  readonly progress: number[] = []
  readonly lines: string[] = []
  /** Operations that end as killed instead of running. */
  readonly killed = new Set<string>()
  readonly #contexts = new AsyncLocalStorage<OperationContext>()
  readonly #stop = new AbortController()

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
    const outcome = this.#run(id, request)
    outcome.catch(() => null)
    return {
      accepted: Promise.resolve(id),
      outcome,
      status: () => Promise.reject(new Error('a direct runtime keeps no states')),
      kill: () => Promise.resolve(false),
    }
  }

  async #run(id: string, { operationType, arguments: values }: TokenRequest): Promise<unknown> {
    const cloned = structuredClone(values) as never[]
    // An operation never begins inside the call that submits it.
    await Promise.resolve()
    if (this.killed.has(operationType)) throw new GuardhouseError('killed', `${id} was killed`)
    const operation = operationRegistry().get(operationType)
    if (operation === undefined) throw new GuardhouseError('not-found', `there is no operation ${operationType}`)
    const run = () => operation.run.apply(operation.receiver(), cloned)
    return structuredClone(await this.#contexts.run(this.#contextOf(id, operationType), run))
  }

  #contextOf(token: string, operationType: string): OperationContext {
    const write = (...values: readonly unknown[]) => void this.lines.push(values.join(' '))
    const log: OperationLog = { debug: write, info: write, warn: write, error: write }
    const progress = (fraction: number) => void this.progress.push(fraction)
    return {
      token,
      operationType,
      attempt: 1,
      signal: this.#stop.signal,
      log,
      progress,
      bus: noBus,
      receipts: noReceipts,
    }
  }
}

const noReceipts = receiptContext(async () => {
  throw new GuardhouseError('unsupported', 'there are no receipts here')
})

const noBus = busContext(async () => {
  throw new GuardhouseError('unsupported', 'there is no bus here')
})
