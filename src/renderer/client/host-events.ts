import type { ContractClient } from '../../shared/contract/client.ts'
import type { HostEvent } from '../../shared/contract/system.ts'
import type { HostConnection } from './connection.ts'

/** What the host tells besides frames, on whatever connection there is at the time. */
export class HostEvents implements Disposable {
  readonly #listeners = new Set<(event: HostEvent) => void>()
  readonly #stop: () => void
  #client: ContractClient | null = null

  constructor(connection: HostConnection) {
    this.#stop = connection.store.subscribe((state) => this.#setClient(state.client))
    this.#setClient(connection.store.getState().client)
  }

  /** Returns what takes the listener off again. */
  subscribe(listener: (event: HostEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  [Symbol.dispose](): void {
    this.#stop()
    this.#listeners.clear()
  }

  #setClient(client: ContractClient | null): void {
    if (client === this.#client) return
    this.#client = client
    client
      ?.subscribe('events', {}, (event) => {
        for (const listener of this.#listeners) listener(event)
      })
      // A connection that is lost meanwhile says so itself, and comes back with a new client.
      .catch(() => undefined)
  }
}
