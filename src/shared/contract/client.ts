import { type ErrorData, fromErrorData, GuardhouseError } from '../errors.ts'
import type { ProcedureInput, ProcedureName, ProcedureOutput, StreamInput, StreamItem, StreamName } from './index.ts'
import { binaryPrefixBytes, jsonRpcVersion, type NotificationMessage, type ResponseMessage } from './wire.ts'

/** One connection to a host, whatever carries it. Messages are objects (MessagePort) or JSON text (WebSocket). */
export interface Transport {
  send(message: object): void
  close(): void
  /** Called once by the client. `onMessage` gets a parsed object or the ArrayBuffer of a binary item. */
  start(onMessage: (message: unknown) => void, onClose: (why: string) => void): void
}

interface PendingCall {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: GuardhouseError) => void
}

export interface Subscription {
  close(): void
}

/** Credits granted ahead: one frame in flight while the one before it is drawn. */
const creditsAhead = 2

/** Typed calls and streams over one transport. Every pending call is rejected when the connection ends. */
export class ContractClient {
  readonly #transport: Transport
  readonly #pending = new Map<number, PendingCall>()
  readonly #streams = new Map<number, (item: unknown) => void>()
  readonly #closeListeners = new Set<(why: string) => void>()
  #nextId = 1
  #closed: string | null = null

  constructor(transport: Transport) {
    this.#transport = transport
    transport.start(
      (message) => this.#receive(message),
      (why) => this.#end(why),
    )
  }

  /** Why the connection ended, or null while it lives. */
  get closed(): string | null {
    return this.#closed
  }

  onClose(listener: (why: string) => void): () => void {
    this.#closeListeners.add(listener)
    return () => this.#closeListeners.delete(listener)
  }

  /** Calls a procedure. Rejects with a GuardhouseError whose kind, message and hint come from the host. */
  call<Name extends ProcedureName>(name: Name, input: ProcedureInput<Name>): Promise<ProcedureOutput<Name>> {
    return this.#request(name, input) as Promise<ProcedureOutput<Name>>
  }

  /** Opens a stream; `listener` gets every item until the subscription is closed. */
  async subscribe<Name extends StreamName>(
    name: Name,
    input: StreamInput<Name>,
    listener: (item: StreamItem<Name>) => void,
  ): Promise<Subscription> {
    // Listens from the very answer on: items may arrive in the same turn.
    const listen = (answer: unknown) => {
      const { subscription } = answer as { subscription: number }
      this.#streams.set(subscription, (item) => {
        listener(item as StreamItem<Name>)
        if (item instanceof ArrayBuffer) this.#notify('stream.credit', { subscription, credits: 1 })
      })
    }
    const { subscription } = (await this.#request(name, input, listen)) as { subscription: number }
    this.#notify('stream.credit', { subscription, credits: creditsAhead })
    return {
      close: () => {
        if (this.#streams.delete(subscription)) this.#notify('stream.close', { subscription })
      },
    }
  }

  close(): void {
    this.#transport.close()
    this.#end('closed by this side')
  }

  #request(method: string, params: unknown, onAnswer?: (answer: unknown) => void): Promise<unknown> {
    if (this.#closed !== null) return Promise.reject(disconnected(this.#closed))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#pending.set(id, {
        resolve: (answer) => {
          onAnswer?.(answer)
          resolve(answer)
        },
        reject,
      })
      this.#transport.send({ jsonrpc: jsonRpcVersion, id, method, params })
    })
  }

  #notify(method: string, params: object): void {
    if (this.#closed === null) this.#transport.send({ jsonrpc: jsonRpcVersion, method, params })
  }

  #receive(message: unknown): void {
    if (message instanceof ArrayBuffer) {
      const subscription = new DataView(message).getUint32(0, true)
      this.#streams.get(subscription)?.(message.slice(binaryPrefixBytes))
      return
    }
    if (typeof message !== 'object' || message === null) return
    if ('method' in message) this.#receiveNotification(message as NotificationMessage)
    else this.#receiveResponse(message as ResponseMessage)
  }

  #receiveNotification(message: NotificationMessage): void {
    const { subscription, item } = message.params
    if (message.method === 'stream.ended') this.#streams.delete(subscription)
    else this.#streams.get(subscription)?.(item)
  }

  #receiveResponse(message: ResponseMessage): void {
    const pending = typeof message.id === 'number' ? this.#pending.get(message.id) : undefined
    if (pending === undefined) return
    this.#pending.delete(message.id as number)
    if (message.error === undefined) pending.resolve(message.result)
    else pending.reject(fromErrorData(message.error.data ?? malformed(message.error.message)))
  }

  #end(why: string): void {
    if (this.#closed !== null) return
    this.#closed = why
    for (const pending of this.#pending.values()) pending.reject(disconnected(why))
    this.#pending.clear()
    this.#streams.clear()
    for (const listener of this.#closeListeners) listener(why)
  }
}

function disconnected(why: string): GuardhouseError {
  return new GuardhouseError('disconnected', `the connection to the host is gone: ${why}`, {
    hint: 'The host may have stopped; start it again or reconnect.',
  })
}

function malformed(message: string): ErrorData {
  return { kind: 'internal', message }
}
