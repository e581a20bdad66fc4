import { type ErrorData, fromErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { ActiveToken } from './active-token.ts'
import type { FromWorker, ToWorker } from './worker-protocol.ts'

/** One call of a service of the control thread. */
export interface ServiceCall {
  readonly service: string
  readonly method: string
  /** Plain data: it is cloned. */
  readonly values: readonly unknown[]
  /**
   * The answer may be long in coming: meanwhile the token lends its thread, at once or as soon as it is not there. Such a call ends
   * with its token.
   */
  readonly waits?: boolean | 'soon'
  readonly signal?: AbortSignal | undefined
}

interface OpenCall {
  readonly token: ActiveToken
  waits: boolean
  settle(error: Error | null, value: unknown): void
}

/** An answer that mostly comes at once is waited for so long before the token lends its thread, milliseconds. */
const soonMs = 20

/** What running operations ask of services in the control thread, until it is answered. */
export class ServiceCalls {
  readonly #post: (message: FromWorker) => void
  readonly #lendingChanged: () => void
  readonly #open = new Map<number, OpenCall>()
  #next: number

  constructor(post: (message: FromWorker) => void, lendingChanged: () => void, firstNumber: number) {
    this.#next = firstNumber
    this.#post = post
    this.#lendingChanged = lendingChanged
  }

  /** Rejects with the service's error, with the reason of a signal, or with why the token was ended. */
  call(token: ActiveToken, { service, method, values, waits = false, signal }: ServiceCall): Promise<unknown> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      const request = this.#next++
      const cancel = () => {
        this.#post({ type: 'service-cancel', request })
        this.#settle(request, asError(signal?.reason), undefined)
      }
      let soon: NodeJS.Timeout | undefined
      const settle = (error: Error | null, value: unknown) => {
        clearTimeout(soon)
        signal?.removeEventListener('abort', cancel)
        if (error === null) resolve(value)
        else reject(error)
      }
      try {
        const { sequence, startedAt } = token
        this.#post({ type: 'service', request, sequence, startedAt, service, method, values })
      } catch (cause) {
        reject(notCloneable(service, method, cause))
        return
      }
      const open: OpenCall = { token, waits: waits === true, settle }
      this.#open.set(request, open)
      signal?.addEventListener('abort', cancel)
      const lend = () => {
        open.waits = true
        this.#lend(token, 1)
      }
      if (waits === true) lend()
      else if (waits === 'soon') soon = setTimeout(lend, soonMs)
    })
  }

  receive(message: Extract<ToWorker, { type: 'service-answer' | 'service-failed' }>): void {
    if (message.type === 'service-answer') this.#settle(message.request, null, message.value)
    else this.#settle(message.request, fromErrorData(message.error), undefined)
  }

  /** The token is told to stop: nothing it waits for will come. */
  aborted(token: ActiveToken, error: ErrorData): void {
    if (token.openCalls === 0) return
    for (const [request, call] of this.#open) {
      if (call.token !== token || !call.waits) continue
      this.#post({ type: 'service-cancel', request })
      this.#settle(request, fromErrorData(error), undefined)
    }
  }

  /** The token has ended without waiting for all it asked. */
  ended(token: ActiveToken): void {
    this.aborted(token, toErrorData(new GuardhouseError('conflict', 'the token ended before this was answered')))
  }

  #settle(request: number, error: Error | null, value: unknown): void {
    const call = this.#open.get(request)
    if (call === undefined) return
    this.#open.delete(request)
    if (call.waits) this.#lend(call.token, -1)
    call.settle(error, value)
  }

  #lend(token: ActiveToken, change: 1 | -1): void {
    token.openCalls += change
    this.#lendingChanged()
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new GuardhouseError('conflict', `was cancelled: ${String(reason)}`)
}

function notCloneable(service: string, method: string, cause: unknown): GuardhouseError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new GuardhouseError('not-cloneable', `an argument of ${service}.${method} cannot leave its worker: ${why}`, {
    hint: 'Pass plain data: no functions, sockets, streams or class instances with such inside.',
    cause,
  })
}
