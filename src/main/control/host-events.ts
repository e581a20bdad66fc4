import type { HostEvent } from '../../shared/contract/system.ts'

type Listener = (event: HostEvent) => void

/** Passes on to every open `events` stream what no telemetry frame tells. */
export class HostEvents {
  readonly #listeners = new Set<Listener>()

  emit(event: HostEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  /** Returns the function that ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
