import { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { Protocol } from './protocol.ts'

type Method = keyof Protocol.CommandParameters
type EventMap = { [Name in keyof Protocol.Events]: [Protocol.Events[Name]] }

interface Incoming {
  readonly id?: number
  readonly sessionId?: string
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string }
}

/** The debugging protocol over Chromium's pipe: JSON messages, each ended by a zero byte. */
export class DevtoolsConnection {
  readonly #out: Writable
  readonly #pending = new Map<number, { method: string; resolve(result: unknown): void; reject(error: Error): void }>()
  readonly #sessions = new Map<string, DevtoolsSession>()
  #unfinished: Buffer[] = []
  #lastId = 0
  #open = true
  /** The session with the browser itself. */
  readonly browser: DevtoolsSession

  constructor(out: Writable, incoming: Readable) {
    this.#out = out
    this.browser = this.session('')
    incoming.on('data', (chunk: Buffer) => this.#read(chunk))
    incoming.on('close', () => this.#close())
    // Chromium has gone; `close` above tells everybody.
    out.on('error', () => this.#close())
  }

  /** The session that Chromium calls `sessionId`. */
  session(sessionId: string): DevtoolsSession {
    const known = this.#sessions.get(sessionId)
    if (known !== undefined) return known
    const session = new DevtoolsSession(
      (method, params) => this.#send(sessionId, method, params),
      () => this.#sessions.delete(sessionId),
    )
    this.#sessions.set(sessionId, session)
    return session
  }

  #send(sessionId: string, method: string, params: object): Promise<unknown> {
    if (!this.#open) return Promise.reject(new PageGone(method, 'Chromium has ended'))
    const id = ++this.#lastId
    const answer = Promise.withResolvers<unknown>()
    this.#pending.set(id, { method, ...answer })
    this.#out.write(`${JSON.stringify({ id, method, params, ...(sessionId === '' ? {} : { sessionId }) })}\0`)
    return answer.promise
  }

  #read(chunk: Buffer): void {
    let rest = chunk
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const text = Buffer.concat([...this.#unfinished, rest.subarray(0, end)]).toString()
      this.#unfinished = []
      rest = rest.subarray(end + 1)
      this.#receive(JSON.parse(text) as Incoming)
    }
    if (rest.length > 0) this.#unfinished.push(rest)
  }

  #receive(message: Incoming): void {
    if (message.id === undefined) {
      this.#sessions.get(message.sessionId ?? '')?.emit(message.method as never, ...([message.params] as never))
      return
    }
    const pending = this.#pending.get(message.id)
    this.#pending.delete(message.id)
    if (message.error === undefined) pending?.resolve(message.result)
    else pending?.reject(commandError(pending.method, message.error))
  }

  #close(): void {
    if (!this.#open) return
    this.#open = false
    for (const { method, reject } of this.#pending.values()) reject(new PageGone(method, 'Chromium has ended'))
    this.#pending.clear()
  }
}

/** One target's share of the connection. Emits the protocol's events under their own names. */
export class DevtoolsSession extends EventEmitter<EventMap> {
  readonly #send: (method: string, params: object) => Promise<unknown>
  readonly #forget: () => void

  constructor(send: (method: string, params: object) => Promise<unknown>, forget: () => void) {
    super()
    // Every page of the application listens to the browser's session.
    this.setMaxListeners(0)
    this.#send = send
    this.#forget = forget
  }

  /** Rejects with PageGone when what the command is about has ended, else with what Chromium says. */
  send<Name extends Method>(
    method: Name,
    params?: Protocol.CommandParameters[Name],
  ): Promise<Protocol.CommandReturnValues[Name]> {
    return this.#send(method, params ?? {}) as Promise<Protocol.CommandReturnValues[Name]>
  }

  /** Like `send` for a command whose answer nobody needs and that means nothing any more once the page is gone. */
  tell<Name extends Method>(method: Name, params?: Protocol.CommandParameters[Name]): void {
    unlessGone(this.send(method, params)).catch((error: unknown) => console.error('Electron stand-in:', error))
  }

  /** Forgets the session after its target has ended. */
  detach(): void {
    this.removeAllListeners()
    this.#forget()
  }
}

/** The page, frame, context or request that a command was about has ended meanwhile, or Chromium as a whole. */
export class PageGone extends Error {
  constructor(method: string, reason: string) {
    super(`${method}: ${reason}`)
    this.name = 'PageGone'
  }
}

/** The promise's value, or undefined when the page has gone. */
export async function unlessGone<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise
  } catch (error) {
    if (error instanceof PageGone) return undefined
    throw error
  }
}

const sessionNotFound = -32001
const goneMessages =
  /Target closed|No target with given id|Cannot find context|context was destroyed|context with specified id|navigated or closed|Invalid InterceptionId|Not attached to an active page|No web contents|Browser window not found|crashed/i

function commandError(method: string, { code, message }: { code: number; message: string }): Error {
  const gone = code === sessionNotFound || goneMessages.test(message)
  return gone ? new PageGone(method, message) : new Error(`${method}: ${message}`)
}
