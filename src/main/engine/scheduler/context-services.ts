import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { TokenState } from '../../../shared/model/token.ts'
import type { PinnedWorker } from '../workers/pinned-worker.ts'
import type { FromWorker, ToWorker } from '../workers/worker-protocol.ts'
import type { SchedulerState } from './scheduler-state.ts'

/** The token on whose behalf a service is called. */
export interface ServiceCaller {
  readonly sequence: number
  readonly id: string
  readonly operationType: string
  /** Aborts when the call is cancelled or the token has ended. Already aborted for a token that ended before its call arrived. */
  readonly signal: AbortSignal
  /** Calls `listener` once the token has ended; at once when it has. */
  onEnd(listener: (state: TokenState) => void): void
}

/** What operations reach by `context()`: methods that live in the control thread. Arguments and answers are plain data. */
export interface ContextService {
  call(method: string, values: readonly unknown[], caller: ServiceCaller): unknown
}

/** Every service that operations can reach, by name. */
export class ContextServices {
  readonly #services = new Map<string, ContextService>()

  /** Returns the function that takes it back. */
  offer(name: string, service: ContextService): () => void {
    this.#services.set(name, service)
    return () => this.#services.delete(name)
  }

  /** Throws `unsupported` when nobody offers it here. */
  find(name: string): ContextService {
    const service = this.#services.get(name)
    if (service !== undefined) return service
    throw new GuardhouseError('unsupported', `this host offers no ${name} to operations`)
  }
}

type ServiceMessage = Extract<FromWorker, { type: 'service' | 'service-cancel' }>
type CallMessage = Extract<FromWorker, { type: 'service' }>

/** Carries calls of running operations to their service, and its answers back. */
export class ServiceDesk {
  readonly #state: SchedulerState
  readonly #services: ContextServices
  readonly #open = new WeakMap<PinnedWorker, Map<number, AbortController>>()

  constructor(state: SchedulerState, services: ContextServices) {
    this.#state = state
    this.#services = services
  }

  receive(worker: PinnedWorker, message: ServiceMessage): void {
    if (message.type === 'service') void this.#call(worker, message)
    else this.#callsOf(worker).get(message.request)?.abort(new GuardhouseError('conflict', 'was cancelled'))
  }

  async #call(worker: PinnedWorker, message: CallMessage): Promise<void> {
    const { request, service, method, values } = message
    const { restarts } = worker
    // Numbers of requests are the thread's own: a thread that came after it must not hear of them.
    const tell = (answer: ToWorker) => {
      if (worker.restarts === restarts) worker.send(answer)
    }
    const calls = this.#callsOf(worker)
    const controller = new AbortController()
    calls.set(request, controller)
    try {
      const caller = this.#caller(message, controller)
      tell({
        type: 'service-answer',
        request,
        value: await this.#services.find(service).call(method, values, caller),
      })
    } catch (error) {
      tell({ type: 'service-failed', request, error: toErrorData(error) })
    } finally {
      if (calls.get(request) === controller) calls.delete(request)
    }
  }

  #caller({ sequence }: CallMessage, controller: AbortController): ServiceCaller {
    const { table } = this.#state
    const onEnd = (listener: (state: TokenState) => void) => {
      const slot = table.find(sequence)
      if (slot < 0 || table.isTerminal(slot)) listener(slot < 0 ? 'KILLED' : table.stateOf(slot))
      else this.#state.extra(slot).listeners.push(() => listener(table.stateOf(slot)))
    }
    onEnd(() => controller.abort(new GuardhouseError('killed', 'the token that asked has ended')))
    const slot = table.find(sequence)
    return {
      sequence,
      id: slot < 0 ? '' : this.#state.idOf(slot),
      operationType: slot < 0 ? '' : this.#state.operationOf(slot).operationType,
      signal: controller.signal,
      onEnd,
    }
  }

  #callsOf(worker: PinnedWorker): Map<number, AbortController> {
    let calls = this.#open.get(worker)
    if (calls === undefined) {
      calls = new Map()
      this.#open.set(worker, calls)
    }
    return calls
  }
}
