import { AsyncLocalStorage } from 'node:async_hooks'
import { formatWithOptions } from 'node:util'
import { type ErrorData, fromErrorData, GuardhouseError } from '../../../shared/errors.ts'
import {
  type OperationContext,
  type OperationRuntime,
  type RuntimeToken,
  type RuntimeTokenStatus,
  runtimeKey,
  type TokenRequest,
  type TokenRun,
} from '../../../shared/model/runtime.ts'
import type { Clock } from '../../../shared/time.ts'
import type { ActiveToken, TokenSurroundings } from './active-token.ts'
import { type ServiceCall, ServiceCalls } from './service-calls.ts'
import type { ChildRun, FromWorker, LogLevel, ToWorker } from './worker-protocol.ts'

/** Log lines one token may send; further ones are counted, not sent. */
const maxLogLines = 1000
const maxLineLength = 8192
/** Progress more often than this is dropped: only the newest matters to an eye. Microseconds. */
const progressInterval = 100_000

interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

interface Child {
  readonly parent: ActiveToken | null
  readonly accepted: Deferred<string>
  readonly outcome: Deferred<unknown>
  run: ChildRun | null
}

/** What operations in this thread see of the scheduler: their context, their log, and child tokens. */
export class WorkerRuntime implements OperationRuntime, TokenSurroundings {
  readonly #post: (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void
  readonly #clock: Clock
  readonly #hearAborts: () => void
  readonly #childrenChanged: () => void
  readonly #storage = new AsyncLocalStorage<ActiveToken>()
  // `run` of the storage makes a context for the token and one more to go back to; this goes back to the one there was. Half the time.
  readonly #outside = AsyncLocalStorage.snapshot()
  readonly #children = new Map<number, Child>()
  readonly #services: ServiceCalls
  readonly #requests = new Map<number, Deferred<RuntimeTokenStatus | boolean>>()
  #nextChild: number
  #nextRequest: number

  constructor(
    post: (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void,
    clock: Clock,
    hearAborts: () => void,
    childrenChanged: () => void,
    firstNumber = 1,
  ) {
    this.#nextChild = firstNumber
    this.#nextRequest = firstNumber
    this.#post = post
    this.#clock = clock
    this.#hearAborts = hearAborts
    this.#childrenChanged = childrenChanged
    this.#services = new ServiceCalls(post, childrenChanged, firstNumber)
    Object.defineProperty(globalThis, runtimeKey, { value: this, configurable: true })
    this.#captureConsole()
  }

  run<T>(token: ActiveToken, operation: () => T): T {
    return this.#outside(() => {
      this.#storage.enterWith(token)
      return operation()
    })
  }

  get epochWall(): number {
    return this.#clock.epochWall
  }

  now(): number {
    return this.#clock.now()
  }

  context(): OperationContext | null {
    return this.#storage.getStore() ?? null
  }

  hearAborts(): void {
    this.#hearAborts()
  }

  log(token: ActiveToken, level: LogLevel, values: readonly unknown[]): void {
    if (token.logLines >= maxLogLines) {
      token.logDropped += 1
      // One message per thousand keeps a runaway loop from flooding the port; the rest is told at the end.
      if (token.logDropped === 1000) this.tellDropped(token)
      return
    }
    token.logLines += 1
    const text = formatWithOptions({ depth: 4, breakLength: 120 }, ...values)
    const cut = text.length > maxLineLength ? `${text.slice(0, maxLineLength)}… (${text.length} characters)` : text
    this.#post({ type: 'log', sequence: token.sequence, level, at: this.#clock.now(), text: cut })
  }

  /** Tells how many lines were dropped since it was last told. */
  tellDropped(token: ActiveToken): void {
    if (token.logDropped === 0) return
    this.#post({ type: 'log-dropped', sequence: token.sequence, count: token.logDropped })
    token.logDropped = 0
  }

  progress(token: ActiveToken, fraction: number, text: string): void {
    const now = this.#clock.now()
    if (now - token.progressAt < progressInterval && fraction < 1) return
    token.progressAt = now
    this.#post({ type: 'progress', sequence: token.sequence, fraction: Math.min(1, Math.max(0, fraction || 0)), text })
  }

  call(token: ActiveToken, call: ServiceCall): Promise<unknown> {
    return this.#services.call(token, call)
  }

  aborted(token: ActiveToken, error: ErrorData): void {
    this.#services.aborted(token, error)
  }

  ended(token: ActiveToken): void {
    this.#services.ended(token)
  }

  submit(request: TokenRequest): RuntimeToken {
    const parent = this.#storage.getStore() ?? null
    const child = this.#nextChild++
    const entry: Child = { parent, accepted: deferred(), outcome: deferred(), run: null }
    this.#children.set(child, entry)
    if (parent !== null) {
      parent.openChildren += 1
      this.#childrenChanged()
    }
    try {
      this.#post(
        {
          type: 'submit',
          child,
          parent: parent?.sequence ?? 0,
          parentStartedAt: parent?.startedAt ?? 0,
          operationType: request.operationType,
          arguments: request.arguments,
          timeout: request.timeout,
          queueTimeout: request.queueTimeout,
          secret: request.secret,
        },
        request.transfer,
      )
    } catch (cause) {
      this.#childFailed(
        child,
        new GuardhouseError(
          'not-cloneable',
          `an argument of ${request.operationType} cannot leave its worker: ${cause instanceof Error ? cause.message : String(cause)}`,
          { hint: 'Pass plain data: no functions, sockets, streams or class instances with such inside.', cause },
        ),
      )
    }
    const id = entry.accepted.promise
    return {
      accepted: id,
      outcome: entry.outcome.promise,
      run: () => this.#runOf(entry),
      status: async () => (await this.#ask({ type: 'child-status', id: await id })) as RuntimeTokenStatus,
      kill: async (reason) => (await this.#ask({ type: 'child-kill', id: await id, reason })) as boolean,
    }
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case 'child-accepted':
        return this.#children.get(message.child)?.accepted.resolve(message.id)
      case 'child-refused':
        return this.#childFailed(message.child, fromErrorData(message.error))
      case 'child-failed':
        return this.#childFailed(message.child, fromErrorData(message.error), message.run)
      case 'child-ended':
        return this.#childEnded(message.child, message.value, message.run)
      case 'service-answer':
      case 'service-failed':
        return this.#services.receive(message)
      case 'answer':
        return this.#answered(message.request)?.resolve(message.value)
      case 'answer-failed':
        return this.#answered(message.request)?.reject(fromErrorData(message.error))
    }
  }

  #childEnded(child: number, value: unknown, run: ChildRun | null): void {
    const entry = this.#close(child)
    if (entry === undefined) return
    entry.run = run
    entry.outcome.resolve(value)
  }

  #childFailed(child: number, error: Error, run: ChildRun | null = null): void {
    const entry = this.#close(child)
    if (entry === undefined) return
    entry.run = run
    entry.accepted.reject(error)
    entry.outcome.reject(error)
  }

  #runOf({ run }: Child): TokenRun | null {
    if (run === null) return null
    const { id, core, worker, startedAt, endedAt } = run
    return { id, core, worker, started: this.#nanoseconds(startedAt), ended: this.#nanoseconds(endedAt) }
  }

  /** Engine microseconds as a time of process.hrtime. */
  #nanoseconds(microseconds: number): bigint {
    return process.hrtime.bigint() - BigInt(Math.round((this.#clock.now() - microseconds) * 1000))
  }

  #close(child: number): Child | undefined {
    const entry = this.#children.get(child)
    this.#children.delete(child)
    if (entry?.parent != null) {
      entry.parent.openChildren -= 1
      this.#childrenChanged()
    }
    return entry
  }

  #ask(question: { type: 'child-status'; id: string } | { type: 'child-kill'; id: string; reason: string }) {
    const request = this.#nextRequest++
    const answer = deferred<RuntimeTokenStatus | boolean>()
    this.#requests.set(request, answer)
    this.#post({ ...question, request })
    return answer.promise
  }

  #answered(request: number): Deferred<RuntimeTokenStatus | boolean> | undefined {
    const answer = this.#requests.get(request)
    this.#requests.delete(request)
    return answer
  }

  /** console.* inside an operation is its log; outside of one it stays what it was. */
  #captureConsole(): void {
    const levels = { debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error' } as const
    for (const [method, level] of Object.entries(levels) as [keyof typeof levels, LogLevel][]) {
      const original = console[method].bind(console)
      console[method] = (...values: unknown[]) => {
        const token = this.#storage.getStore()
        if (token === undefined) original(...values)
        else this.log(token, level, values)
      }
    }
  }
}

function deferred<T>(): Deferred<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  // Nobody may be listening; whoever does hears it all the same.
  promise.catch(ignoreUnheard)
  return { promise, resolve, reject }
}

function ignoreUnheard(): undefined {
  return undefined
}
