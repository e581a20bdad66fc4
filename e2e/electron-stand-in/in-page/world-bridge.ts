import { type Crossing, ValueCrossing } from './value-crossing.ts'

/** What one world asks of the other. The answer to a call comes back before `dispatchEvent` returns. */
type Signal =
  | { readonly kind: 'call'; readonly id: string; readonly args: readonly Crossing[] }
  | { readonly kind: 'return'; readonly value: Crossing }
  | { readonly kind: 'throw'; readonly value: Crossing }
  | { readonly kind: 'settle'; readonly id: string; readonly fulfilled: boolean; readonly value: Crossing }

/**
 * Connects the page's world and the preload's world of one document. The worlds share the DOM but no JavaScript object,
 * so each listens on the document for events of a name that only these two know; Chromium clones an event's `detail`
 * from one world into the other. Dispatching is synchronous, and therefore a call returns what the other side returned.
 */
export class WorldBridge {
  readonly #crossing: ValueCrossing
  readonly #send: (signal: Signal) => void
  #reply: Signal | null = null

  /** `secret` is the same on both sides; `side` tells them apart. */
  constructor(secret: string, side: 'page' | 'preload') {
    const otherSide = side === 'page' ? 'preload' : 'page'
    // Taken now: the page may replace both later.
    const dispatch = document.dispatchEvent.bind(document)
    const Event = CustomEvent
    this.#send = (signal) => void dispatch(new Event(`${secret}-${otherSide}`, { detail: signal }))
    this.#crossing = new ValueCrossing(side, {
      call: (id, args) => this.#call(id, args),
      settle: (id, fulfilled, value) => this.#settle(id, fulfilled, value),
    })
    const listen = (event: CustomEvent<Signal | null>) => {
      event.stopImmediatePropagation()
      this.#receive(event.detail)
    }
    document.addEventListener(`${secret}-${side}`, listen as EventListener, true)
  }

  /** Lets the other side call `implementation` as `callOther(name)`. */
  offer(name: string, implementation: (...args: never[]) => unknown): void {
    this.#crossing.offer(name, implementation)
  }

  /** Calls what the other side offered. Functions in `args` and in the result are callable across the worlds. */
  callOther(name: string, ...args: unknown[]): unknown {
    return this.#call(name, this.#crossing.packAll(args))
  }

  #call(id: string, args: readonly Crossing[]): unknown {
    const reply = this.#exchange({ kind: 'call', id, args })
    if (reply?.kind === 'return') return this.#crossing.unpack(reply.value)
    if (reply?.kind === 'throw') throw this.#crossing.unpack(reply.value)
    throw new Error(notCloneable)
  }

  #settle(id: string, fulfilled: boolean, value: Crossing): void {
    if (this.#exchange({ kind: 'settle', id, fulfilled, value }) !== null) return
    this.#exchange({ kind: 'settle', id, fulfilled: false, value: this.#crossing.pack(new Error(notCloneable)) })
  }

  /** The other side's answer; null when Chromium could not clone the signal. */
  #exchange(signal: Signal): Signal | null {
    this.#reply = null
    this.#send(signal)
    // Read back through a function: the checker does not know that sending has set it meanwhile.
    return this.#takeReply()
  }

  #takeReply(): Signal | null {
    const reply = this.#reply
    this.#reply = null
    return reply
  }

  #receive(signal: Signal | null): void {
    if (signal === null) return
    if (signal.kind === 'return' || signal.kind === 'throw') this.#reply = signal
    else if (signal.kind === 'call') this.#send(this.#answer(signal.id, signal.args))
    else {
      this.#crossing.settle(signal.id, signal.fulfilled, signal.value)
      this.#send({ kind: 'return', value: { kind: 'plain', value: undefined } })
    }
  }

  #answer(id: string, args: readonly Crossing[]): Signal {
    try {
      return { kind: 'return', value: this.#crossing.run(id, args) }
    } catch (error) {
      return { kind: 'throw', value: this.#crossing.pack(error instanceof Error ? error : new Error(String(error))) }
    }
  }
}

const notCloneable = 'An object could not be cloned.'
