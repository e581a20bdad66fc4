import { deserialize, serialize } from 'node:v8'
import { type ErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import { loadAffinity } from '../cpu/index.ts'
import { installModuleHooks } from '../workspace/module-hooks.ts'
import { AbortReader } from './abort-file.ts'
import { ActiveToken } from './active-token.ts'
import { loadOperation } from './load-operation.ts'
import { abortDescriptor, type FromProcess, firstProcessNumber, type ToProcess } from './process-protocol.ts'
import { MonotonicClock } from './worker-clock.ts'
import { WorkerRuntime } from './worker-runtime.ts'

/** Entry of the child process of a worker: runs what the worker's thread sends, with the same context that it would have there. */
class ProcessLoop {
  readonly #runtime: WorkerRuntime
  readonly #aborts = new AbortReader(abortDescriptor)
  readonly #active = new Map<number, ActiveToken>()
  readonly #told = new Map<number, string>()

  constructor(clock: MonotonicClock) {
    this.#runtime = new WorkerRuntime(
      (message) => tell({ type: 'relay', message }),
      clock,
      () => this.#hearAborts(),
      () => this.#tellWaits(),
      firstProcessNumber,
    )
  }

  receive(message: ToProcess): void {
    switch (message.type) {
      case 'run':
        void this.#run(message)
        return
      case 'abort':
        return this.#active.get(message.sequence)?.abort(message.error)
      case 'relay':
        return this.#runtime.receive(message.message)
    }
  }

  async #run({
    slot,
    sequence,
    attempt,
    createdAt,
    operation,
    values,
  }: Extract<ToProcess, { type: 'run' }>): Promise<void> {
    const { operationType } = operation
    const token = new ActiveToken(this.#runtime, slot, sequence, operationType, attempt, createdAt, this.#runtime.now())
    this.#active.set(sequence, token)
    try {
      const parameters = deserialize(values) as unknown[]
      const registered = await loadOperation(operation)
      token.startedAt = this.#runtime.now()
      tell({ type: 'began', sequence })
      const run = registered.run as (...parameters: unknown[]) => unknown
      const value = await this.#runtime.run(token, async () => await run.apply(registered.receiver(), parameters))
      this.#ended(token, null, serializeResult(operationType, value))
    } catch (error) {
      this.#ended(token, toErrorData(error, 'operation-failed'), null)
    }
  }

  #ended(token: ActiveToken, error: ErrorData | null, value: Uint8Array | null): void {
    this.#active.delete(token.sequence)
    this.#told.delete(token.sequence)
    this.#runtime.tellDropped(token)
    token.end()
    tell({ type: 'ended', sequence: token.sequence, error, value })
  }

  #hearAborts(): void {
    for (const { sequence, error } of this.#aborts.read()) this.#active.get(sequence)?.abort(error)
  }

  #tellWaits(): void {
    for (const { sequence, openChildren, openCalls } of this.#active.values()) {
      const now = `${openChildren} ${openCalls}`
      if ((this.#told.get(sequence) ?? '0 0') === now) continue
      this.#told.set(sequence, now)
      tell({ type: 'waits', sequence, openChildren, openCalls })
    }
  }
}

function serializeResult(operationType: string, value: unknown): Uint8Array | null {
  if (value === undefined) return null
  try {
    return serialize(value)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GuardhouseError('not-cloneable', `the result of ${operationType} cannot leave its process: ${why}`, {
      hint: 'Return plain data: no functions, sockets, streams or class instances with such inside.',
      cause,
    })
  }
}

function tell(message: FromProcess): void {
  process.send?.(message)
}

let loop: ProcessLoop | null = null
process.on('message', (message: ToProcess) => {
  if (message.type !== 'start') return loop?.receive(message)
  // Bind first, so that everything the operations create later is created on this CPU.
  const binding = loadAffinity().bind(message.cpu)
  installModuleHooks({ sdkEntry: new URL(message.sdkEntry), codeCache: message.codeCache })
  loop = new ProcessLoop(new MonotonicClock(message.epoch, message.epochWall))
  tell({ type: 'ready', binding })
})
// Its thread is gone: nobody would hear what it does.
process.on('disconnect', () => process.exit())
