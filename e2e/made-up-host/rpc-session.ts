import type { WebSocket } from 'ws'
import { type ProcedureName, procedures, streams } from '../../src/shared/contract/index.ts'
import {
  binaryPrefixBytes,
  errorCode,
  jsonRpcVersion,
  methodNotFoundCode,
  parseErrorCode,
  type RequestMessage,
  requestMessage,
  streamControl,
} from '../../src/shared/contract/wire.ts'
import { GuardhouseError, toErrorData } from '../../src/shared/errors.ts'
import type { MadeUpHost } from './made-up-host.ts'

interface OpenStream {
  credits: number
  merged: number
  readonly close: () => void
}

/** One client of the made-up host over one WebSocket, spoken as contract/wire.ts declares. */
export class RpcSession {
  readonly #socket: WebSocket
  readonly #host: MadeUpHost
  readonly #streams = new Map<number, OpenStream>()
  #nextSubscription = 1

  constructor(socket: WebSocket, host: MadeUpHost) {
    this.#socket = socket
    this.#host = host
    socket.on('message', (data, isBinary) => {
      if (!isBinary) void this.#receive(String(data))
    })
    socket.on('close', () => this.#closeStreams())
  }

  async #receive(text: string): Promise<void> {
    const message = parseRequest(text)
    if (message === null) return this.#send({ id: null, error: failure(parseErrorCode, 'not a JSON-RPC request') })
    if (message.method in streamControl) return this.#control(message)
    try {
      const result = message.method in streams ? this.#open(message) : await this.#call(message)
      this.#send({ id: message.id ?? null, result })
    } catch (error) {
      const data = toErrorData(error)
      this.#send({ id: message.id ?? null, error: { code: codeOf(error), message: data.message, data } })
    }
  }

  async #call({ method, params }: RequestMessage): Promise<unknown> {
    const name = method as ProcedureName
    const procedure = procedures[name]
    if (procedure === undefined) throw new GuardhouseError('not-found', `there is no procedure ${method}`)
    if (this.#host.readOnly && procedure.danger !== 'read') {
      throw new GuardhouseError('not-allowed', `${method} is refused: this host is read-only`, {
        hint: 'Start it without --read-only to change anything.',
      })
    }
    const input = procedure.input.safeParse(params ?? {})
    if (!input.success) {
      const [issue] = input.error.issues
      throw new GuardhouseError('bad-request', `${method}: ${issue?.path.join('.')} ${issue?.message}`)
    }
    const answer = this.#host.answers[name] as (input: unknown) => unknown
    const result = await answer(input.data)
    // Runs are read by the host's own code, which is not checked there either: it would be counted as time of the product.
    if (name.startsWith('workflows.')) return result
    // Parsed again on the way out: an invention that drifts from the contract must fail here, not in the window.
    return procedure.output.parse(result)
  }

  #open({ method, params }: RequestMessage): { subscription: number } {
    const subscription = this.#nextSubscription++
    if (method === 'events') {
      const close = this.#host.onEvent((item) => this.#notify('stream.item', { subscription, item }))
      this.#streams.set(subscription, { credits: 0, merged: 0, close })
    } else if (method === 'console') {
      const close = this.#host.log.onLine(
        (line) => this.#notify('stream.item', { subscription, item: { kind: 'line', line } }),
        streams.console.input.parse(params ?? {}),
      )
      this.#streams.set(subscription, { credits: 0, merged: 0, close })
    } else if (method === 'workflows') {
      // Runs that were made up do not change.
      this.#streams.set(subscription, { credits: 0, merged: 0, close: () => undefined })
    } else {
      const { intervalMs } = streams.telemetry.input.parse(params ?? {})
      const sending = setInterval(() => this.#sendFrame(subscription), intervalMs)
      this.#streams.set(subscription, { credits: 0, merged: 0, close: () => clearInterval(sending) })
    }
    return { subscription }
  }

  #control({ method, params }: RequestMessage): void {
    if (method === 'stream.credit') {
      const { subscription, credits } = streamControl['stream.credit'].parse(params)
      const open = this.#streams.get(subscription)
      if (open !== undefined) open.credits += credits
      return
    }
    const { subscription } = streamControl['stream.close'].parse(params)
    this.#streams.get(subscription)?.close()
    this.#streams.delete(subscription)
  }

  #sendFrame(subscription: number): void {
    const open = this.#streams.get(subscription)
    if (open === undefined) return
    if (open.credits === 0) {
      open.merged++
      return
    }
    open.credits--
    const frame = this.#host.frames.encode(open.merged)
    const bytes = new Uint8Array(binaryPrefixBytes + frame.byteLength)
    new DataView(bytes.buffer).setUint32(0, subscription, true)
    bytes.set(new Uint8Array(frame), binaryPrefixBytes)
    this.#socket.send(bytes)
  }

  #notify(method: string, params: object): void {
    this.#socket.send(JSON.stringify({ jsonrpc: jsonRpcVersion, method, params }))
  }

  #send(message: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) {
      this.#socket.send(JSON.stringify({ jsonrpc: jsonRpcVersion, ...message }))
    }
  }

  #closeStreams(): void {
    for (const open of this.#streams.values()) open.close()
    this.#streams.clear()
  }
}

function parseRequest(text: string): RequestMessage | null {
  try {
    return requestMessage.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function failure(code: number, message: string) {
  return { code, message, data: { kind: 'bad-request', message } }
}

function codeOf(error: unknown): number {
  if (!(error instanceof GuardhouseError)) return errorCode('internal')
  return error.message.startsWith('there is no procedure') ? methodNotFoundCode : errorCode(error.kind)
}
