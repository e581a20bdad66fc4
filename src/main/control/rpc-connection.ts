import type { MessagePort } from 'node:worker_threads'
import type { z } from 'zod'
import { type ProcedureName, procedures, type StreamName, streams } from '../../shared/contract/index.ts'
import {
  errorCode,
  jsonRpcVersion,
  methodNotFoundCode,
  type RequestMessage,
  type ResponseMessage,
  streamControl,
} from '../../shared/contract/wire.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { nearestName } from '../../shared/nearest-name.ts'
import type { Peer } from './control-protocol.ts'
import { FrozenSets } from './frozen-sets.ts'
import type { Caller, HostApi, HostStreams } from './host-api.ts'
import { inputError } from './input-error.ts'
import { errorResponse, publicError, readMessage, type WireForm } from './rpc-message.ts'
import { RpcStreams } from './rpc-streams.ts'
import type { LossLedger } from './stream-senders.ts'

/** What every connection shares. */
export interface ConnectionServices {
  readonly api: HostApi
  readonly streams: HostStreams
  readonly ledger: LossLedger
  /** Refuses whatever changes anything, whoever asks. */
  readonly readOnly: boolean
  /** Hears of errors that are faults of ours. */
  readonly onFault: (method: string, error: unknown) => void
  /** Checks every answer against the contract. For tests: it costs as much as building the answer. */
  readonly checkAnswers?: boolean
}

/** Calls that one connection may leave unanswered; a program may await this many tokens at once. */
export const maxUnansweredCalls = 1_000_000

/** One peer's JSON-RPC connection. Whatever it sends, it gets an answer that says what is wrong, and no other peer notices. */
export class RpcConnection implements Disposable {
  readonly #port: MessagePort
  readonly #services: ConnectionServices
  readonly #form: WireForm
  readonly #caller: Caller
  readonly #streams: RpcStreams
  readonly #releases = new Set<() => void>()
  #unanswered = 0
  #closed = false

  constructor(port: MessagePort, peer: Peer, services: ConnectionServices) {
    this.#port = port
    this.#services = services
    this.#form = peer.kind === 'window' ? 'objects' : 'text'
    this.#caller = {
      peer,
      readOnly: peer.readOnly || services.readOnly,
      frozenSets: new FrozenSets(() => performance.now()),
      onClose: (release) => {
        this.#releases.add(release)
        return () => this.#releases.delete(release)
      },
    }
    this.#streams = new RpcStreams(services.streams, services.ledger, {
      binary: (message) => port.postMessage(message, [message]),
      json: (message) => this.#send(message),
    })
    port.on('message', (message: unknown) => this.#receive(message))
    port.on('messageerror', () => this.#receive(undefined))
    port.on('close', () => this[Symbol.dispose]())
  }

  /** Calls `listener` once when the connection has ended, whoever ended it. */
  onClose(listener: () => void): void {
    this.#releases.add(listener)
  }

  /** Ends the connection and everything that was under way for it. */
  [Symbol.dispose](): void {
    if (this.#closed) return
    this.#streams[Symbol.dispose]()
    this.#closed = true
    for (const release of this.#releases) release()
    this.#releases.clear()
    this.#port.close()
  }

  #receive(raw: unknown): void {
    const message = readMessage(raw, this.#form)
    if ('refusal' in message) this.#send(message.refusal)
    else void this.#answer(message.request)
  }

  async #answer(request: RequestMessage): Promise<void> {
    this.#unanswered += 1
    try {
      const result = await this.#perform(request)
      this.#respond(request, { jsonrpc: jsonRpcVersion, id: request.id ?? null, result })
    } catch (thrown) {
      const error = publicError(thrown)
      if (error.kind === 'internal') this.#services.onFault(request.method, thrown)
      const code = thrown instanceof UnknownMethod ? methodNotFoundCode : errorCode(error.kind)
      this.#respond(request, errorResponse(request.id, error, code))
    } finally {
      this.#unanswered -= 1
    }
  }

  /** Throws when the answer cannot be sent; an error always can. */
  #respond(request: RequestMessage, response: ResponseMessage): void {
    // A request without id is a notification: it is carried out and never answered (JSON-RPC 2.0, 4.1).
    if (request.id !== undefined) this.#send(response)
  }

  #perform({ id, method, params = {} }: RequestMessage): unknown {
    if (this.#unanswered > maxUnansweredCalls) {
      throw new GuardhouseError(
        'overloaded',
        `more than ${maxUnansweredCalls} calls of this connection wait for an answer`,
        {
          hint: 'Wait for some answers before sending more.',
        },
      )
    }
    if (isKey(procedures, method)) return this.#call(method, params)
    if (isKey(streamControl, method)) return this.#controlStream(method, params)
    if (isKey(streams, method)) return id === undefined ? null : this.#openStream(method, params)
    throw new UnknownMethod(method)
  }

  async #call(name: ProcedureName, params: unknown): Promise<unknown> {
    const { danger, input, output } = procedures[name]
    if (danger !== 'read' && this.#caller.readOnly) {
      throw new GuardhouseError('not-allowed', `${name} changes something, and this connection may only read`, {
        hint: 'Start Guardhouse without --read-only to steer it.',
      })
    }
    const procedure = this.#services.api[name] as (input: unknown, caller: Caller) => unknown
    const result = await procedure(parseInput(name, input, params), this.#caller)
    if (!this.#services.checkAnswers) return result
    const checked = output.safeParse(result)
    if (!checked.success) {
      throw new GuardhouseError('internal', `the answer of ${name} is not as declared`, { cause: checked.error })
    }
    return result
  }

  #openStream(name: StreamName, params: unknown): { subscription: number } {
    return { subscription: this.#streams.open(name, parseInput(name, streams[name].input, params)) }
  }

  #controlStream(name: keyof typeof streamControl, params: unknown): Record<string, never> {
    if (name === 'stream.credit') {
      const { subscription, credits } = parseInput(name, streamControl[name], params)
      this.#streams.grant(subscription, credits)
    } else {
      this.#streams.close(parseInput(name, streamControl[name], params).subscription)
    }
    return {}
  }

  #send(message: object): void {
    if (!this.#closed) this.#port.postMessage(this.#form === 'text' ? JSON.stringify(message) : message)
  }
}

class UnknownMethod extends GuardhouseError {
  constructor(method: string) {
    const known = [...Object.keys(procedures), ...Object.keys(streams), ...Object.keys(streamControl)]
    const meant = nearestName(method, known)
    super('not-found', `there is no method ${JSON.stringify(method)}`, {
      hint: meant === null ? 'See the contract for what there is.' : `Did you mean ${meant}?`,
    })
  }
}

function parseInput<Schema extends z.ZodType>(method: string, schema: Schema, params: unknown): z.output<Schema> {
  const parsed = schema.safeParse(params)
  if (!parsed.success) throw inputError(method, parsed.error.issues)
  return parsed.data
}

function isKey<Table extends object>(table: Table, key: string): key is Extract<keyof Table, string> {
  return Object.hasOwn(table, key)
}
