import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../shared/contract/index.ts'
import type { HostEvent } from '../../shared/contract/system.ts'
import type { Host } from './host.ts'

export interface QueryState<Output> {
  /** The newest answer; kept while the next one is on its way. Null before the first. */
  readonly data: Output | null
  /** Why the newest attempt failed; null when it did not. */
  readonly error: unknown
  /** True when `data` answers an older input than the present one. */
  readonly stale: boolean
}

/** When an answer is out of date. */
export interface RefreshRules {
  /** When any token has changed, as the telemetry says. */
  readonly onTokens?: boolean | undefined
  /** When one of these events comes. */
  readonly onEvents?: readonly HostEvent['kind'][] | undefined
  /** Shortest time between two questions, milliseconds; at least a quarter of a second, which is also the default. */
  readonly everyMs?: number | undefined
}

/** Four answers a second are as many as anybody reads. */
const shortestGapMs = 250

/**
 * Keeps the answer to one read up to date: asks again when its rules say that the answer may have changed, at most four
 * times a second, never two at a time, and not while nobody can see the page.
 */
export class LiveQuery<Name extends ProcedureName> implements Disposable {
  readonly store: StoreApi<QueryState<ProcedureOutput<Name>>> = createStore(() => ({
    data: null as ProcedureOutput<Name> | null,
    error: null as unknown,
    stale: true,
  }))
  readonly #host: Host
  readonly #name: Name
  readonly #rules: RefreshRules
  readonly #undo: (() => void)[] = []
  #input: ProcedureInput<Name>
  #wanted = false
  #running = false
  #askedAt = Number.NEGATIVE_INFINITY
  #tokensVersion = Number.NaN
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: Host, name: Name, input: ProcedureInput<Name>, rules: RefreshRules) {
    this.#host = host
    this.#name = name
    this.#input = input
    this.#rules = rules
  }

  start(): void {
    const { connection, telemetry, events, visibility } = this.#host
    this.#undo.push(
      connection.store.subscribe((state, before) => {
        if (state.client !== before.client && state.client !== null) this.refresh()
      }),
      visibility.onChange(() => this.#schedule()),
    )
    if (this.#rules.onTokens === true) {
      this.#undo.push(
        telemetry.subscribe((frame) => {
          if (frame.tokensVersion === this.#tokensVersion) return
          this.#tokensVersion = frame.tokensVersion
          this.refresh()
        }),
      )
    }
    const kinds = this.#rules.onEvents ?? []
    if (kinds.length > 0) {
      this.#undo.push(
        events.subscribe((event) => {
          if (event.kind === 'dropped' || kinds.includes(event.kind)) this.refresh()
        }),
      )
    }
    this.refresh()
  }

  /** Asks for another input. The old answer stays, marked as stale, until the new one is there. */
  setInput(input: ProcedureInput<Name>): void {
    this.#input = input
    this.#askedAt = Number.NEGATIVE_INFINITY
    this.store.setState({ stale: true })
    this.refresh()
  }

  /** Asks as soon as the rules of pace allow. */
  refresh(): void {
    this.#wanted = true
    this.#schedule()
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    for (const undo of this.#undo.splice(0)) undo()
    this.#wanted = false
  }

  #schedule(): void {
    if (!this.#wanted || this.#running || !this.#host.visibility.visible) return
    clearTimeout(this.#timer)
    const gap = Math.max(shortestGapMs, this.#rules.everyMs ?? shortestGapMs)
    const wait = this.#askedAt + gap - performance.now()
    if (wait > 0) this.#timer = setTimeout(() => this.#schedule(), wait)
    else void this.#ask()
  }

  async #ask(): Promise<void> {
    const { client } = this.#host.connection.store.getState()
    if (client === null) return
    const input = this.#input
    this.#wanted = false
    this.#running = true
    this.#askedAt = performance.now()
    try {
      const data = await (this.#host.askedAhead.take(this.#name, input) ?? client.call(this.#name, input))
      if (input === this.#input) this.store.setState({ data, error: null, stale: false })
    } catch (error) {
      // A lost connection is told once, by the frame around the page; the last answer stays readable.
      if (input === this.#input && client.closed === null) this.store.setState({ error, stale: false })
    } finally {
      this.#running = false
      this.#schedule()
    }
  }
}
