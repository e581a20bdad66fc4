import { createStore, type StoreApi } from 'zustand/vanilla'
import { ContractClient, type Transport } from '../../shared/contract/client.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { wrongSecret } from './web-socket-transport.ts'

/**
 * connecting: an attempt is under way. connected: calls work. waiting: the next attempt comes at `retryAt`.
 * refused: trying again cannot help.
 */
export type ConnectionStatus = 'connecting' | 'connected' | 'waiting' | 'refused'

export interface ConnectionState {
  readonly status: ConnectionStatus
  /** Present exactly while connected. */
  readonly client: ContractClient | null
  /** Failed attempts since the last success. */
  readonly attempt: number
  /** Why there is no connection, for people; null while there is one. */
  readonly why: string | null
  /** `Date.now()` of the next attempt; null when none is planned. */
  readonly retryAt: number | null
  /** True once a connection has been there: then its loss is news. */
  readonly everConnected: boolean
}

const firstDelayMs = 250
const longestDelayMs = 10_000

/** Delay before attempt number `attempt` (from 1): doubles up to ten seconds. */
export function retryDelay(attempt: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt - 1, 10))
}

const initialState: ConnectionState = {
  status: 'connecting',
  client: null,
  attempt: 0,
  why: null,
  retryAt: null,
  everConnected: false,
}

/** Keeps one connection to the host: opens it, and opens it again after it is lost. */
export class HostConnection implements Disposable {
  readonly store: StoreApi<ConnectionState> = createStore(() => initialState)
  readonly #open: () => Promise<Transport>
  #timer: ReturnType<typeof setTimeout> | undefined
  #disposed = false

  constructor(open: () => Promise<Transport>) {
    this.#open = open
  }

  start(): void {
    void this.#attempt()
  }

  /** Does not wait for the planned attempt. */
  retryNow(): void {
    const { status } = this.store.getState()
    if (status === 'connected' || status === 'connecting') return
    clearTimeout(this.#timer)
    void this.#attempt()
  }

  [Symbol.dispose](): void {
    this.#disposed = true
    clearTimeout(this.#timer)
    this.store.getState().client?.close()
  }

  async #attempt(): Promise<void> {
    this.store.setState({ status: 'connecting', retryAt: null })
    try {
      const transport = await this.#open()
      if (this.#disposed) transport.close()
      else this.#connected(new ContractClient(transport))
    } catch (error) {
      this.#lost(error instanceof Error ? error.message : String(error), isFinal(error))
    }
  }

  #connected(client: ContractClient): void {
    client.onClose((why) => this.#lost(why, why === wrongSecret))
    this.store.setState({ status: 'connected', client, attempt: 0, why: null, everConnected: true })
  }

  #lost(why: string, final: boolean): void {
    if (this.#disposed) return
    const attempt = this.store.getState().attempt + 1
    if (final) {
      this.store.setState({ status: 'refused', client: null, attempt, why, retryAt: null })
      return
    }
    const delay = retryDelay(attempt)
    this.store.setState({ status: 'waiting', client: null, attempt, why, retryAt: Date.now() + delay })
    this.#timer = setTimeout(() => void this.#attempt(), delay)
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof GuardhouseError && error.kind === 'not-allowed'
}
