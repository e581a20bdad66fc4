import type { HostEvent } from '../../shared/contract/system.ts'

/** How long what happened at the start is told to newcomers: a window takes seconds to open. */
const lastingMs = 60_000

type Listener = (event: HostEvent) => void

/** Passes on to every open `events` stream what no telemetry frame tells. */
export class HostEvents {
  readonly #listeners = new Set<Listener>()
  readonly #lasting = new Set<HostEvent>()

  emit(event: HostEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  /** Tells it also to every stream that opens within the next minute. */
  emitLasting(event: HostEvent): void {
    this.emit(event)
    this.#lasting.add(event)
    setTimeout(() => this.#lasting.delete(event), lastingMs).unref()
  }

  /** Returns the function that ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    for (const event of this.#lasting) listener(event)
    return () => this.#listeners.delete(listener)
  }
}
