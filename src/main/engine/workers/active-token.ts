import { type ErrorData, fromErrorData } from '../../../shared/errors.ts'
import type { BusContext } from '../../../shared/model/bus.ts'
import type { KernelContext } from '../../../shared/model/kernel.ts'
import type { ReceiptContext } from '../../../shared/model/receipt-context.ts'
import type { OperationContext, OperationLog } from '../../../shared/model/runtime.ts'
import { tokenId } from '../../../shared/model/token-id.ts'
import { busContext } from './bus-context.ts'
import { kernelContext } from './kernel-context.ts'
import { receiptContext } from './receipt-context.ts'
import type { ServiceCall } from './service-calls.ts'
import type { LogLevel } from './worker-protocol.ts'

/** What an active token needs of its thread. */
export interface TokenSurroundings {
  /** Wall clock of the engine's epoch, for token ids. */
  readonly epochWall: number
  /** Hears aborts that came while the thread never yielded. */
  hearAborts(): void
  log(token: ActiveToken, level: LogLevel, values: readonly unknown[]): void
  progress(token: ActiveToken, fraction: number, text: string): void
  /** Calls a service of the control thread. */
  call(token: ActiveToken, call: ServiceCall): Promise<unknown>
  /** The token is told to stop, or has ended: what it waits for will not come. */
  aborted(token: ActiveToken, error: ErrorData): void
  ended(token: ActiveToken): void
}

/** A token between its start and its end in the worker; also the context its operation sees. */
export class ActiveToken implements OperationContext {
  readonly slot: number
  readonly sequence: number
  readonly operationType: string
  readonly attempt: number
  readonly createdAt: number
  startedAt: number
  openChildren = 0
  /** Calls of services that may be long in coming. */
  openCalls = 0
  logLines = 0
  logDropped = 0
  progressAt = Number.NEGATIVE_INFINITY
  /** Number of the newest message it has told by port, 0 for none. */
  told = 0
  readonly #surroundings: TokenSurroundings
  #controller: AbortController | null = null
  #abortedWith: ErrorData | null = null
  #log: OperationLog | null = null
  #bus: BusContext | null = null
  #receipts: ReceiptContext | null = null
  #kernel: KernelContext | null = null

  constructor(
    surroundings: TokenSurroundings,
    slot: number,
    sequence: number,
    operationType: string,
    attempt: number,
    createdAt: number,
    startedAt: number,
  ) {
    this.#surroundings = surroundings
    this.createdAt = createdAt
    this.slot = slot
    this.sequence = sequence
    this.operationType = operationType
    this.attempt = attempt
    this.startedAt = startedAt
  }

  /** Waiting for children or for a service, so the thread may run others. */
  get lends(): boolean {
    return this.openChildren > 0 || this.openCalls > 0
  }

  get token(): string {
    return tokenId(this.operationType, this.createdAt, this.#surroundings.epochWall, this.sequence)
  }

  get signal(): AbortSignal {
    this.#controller ??= this.#makeController()
    return this.#controller.signal
  }

  get log(): OperationLog {
    this.#log ??= {
      debug: (...values) => this.#surroundings.log(this, 'debug', values),
      info: (...values) => this.#surroundings.log(this, 'info', values),
      warn: (...values) => this.#surroundings.log(this, 'warn', values),
      error: (...values) => this.#surroundings.log(this, 'error', values),
    }
    return this.#log
  }

  get bus(): BusContext {
    this.#bus ??= busContext((call) => this.#surroundings.call(this, call))
    return this.#bus
  }

  get receipts(): ReceiptContext {
    this.#receipts ??= receiptContext((call) => this.#surroundings.call(this, call))
    return this.#receipts
  }

  get kernel(): KernelContext {
    this.#kernel ??= kernelContext(
      (call) => this.#surroundings.call(this, call),
      () => this.signal,
    )
    return this.#kernel
  }

  progress(fraction: number, text = ''): void {
    this.#surroundings.progress(this, fraction, text)
  }

  abort(error: ErrorData): void {
    this.#abortedWith = error
    this.#controller?.abort(fromErrorData(error))
    this.#surroundings.aborted(this, error)
  }

  end(): void {
    this.#controller = null
    if (this.openCalls > 0) this.#surroundings.ended(this)
  }

  #makeController(): AbortController {
    const controller = new AbortController()
    if (this.#abortedWith !== null) controller.abort(fromErrorData(this.#abortedWith))
    const { signal } = controller
    const inherited = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted')?.get
    let checking = false
    Object.defineProperty(signal, 'aborted', {
      configurable: true,
      get: () => {
        if (!checking) {
          checking = true
          this.#surroundings.hearAborts()
          checking = false
        }
        return inherited?.call(signal) === true
      },
    })
    Object.defineProperty(signal, 'throwIfAborted', {
      configurable: true,
      value: () => {
        if (signal.aborted) throw signal.reason
      },
    })
    return controller
  }
}
