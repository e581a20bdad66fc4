import type { ContractClient, Subscription } from '../../shared/contract/client.ts'
import { decodeTelemetry, type TelemetryFrame } from '../../shared/frames/telemetry.ts'
import type { HostConnection } from './connection.ts'
import type { PageVisibility } from './page-visibility.ts'
import { TelemetryHistory } from './telemetry-history.ts'

/** Frames ten times a second are more than an eye needs; one a second keeps the history whole while nobody looks. */
const visibleIntervalMs = 100
const hiddenIntervalMs = 1000
// Frames come a little early or late; a listener that wants every second one must not miss it by a hair.
const slackMs = 20

interface Listener {
  readonly notify: (frame: TelemetryFrame) => void
  readonly everyMs: number
  notifiedAt: number
}

/** The newest telemetry frame and the last minute of them, kept outside of React: drawing must not render. */
export class TelemetryFeed implements Disposable {
  readonly history = new TelemetryHistory()
  readonly #visibility: PageVisibility
  readonly #listeners = new Set<Listener>()
  readonly #undo: readonly (() => void)[]
  #client: ContractClient | null = null
  #subscription: Subscription | null = null
  /** Grows with every (re)subscription, so that an answer to an older one is let go. */
  #generation = 0
  #latest: TelemetryFrame | null = null

  constructor(connection: HostConnection, visibility: PageVisibility) {
    this.#visibility = visibility
    this.#undo = [
      connection.store.subscribe((state) => this.#setClient(state.client)),
      visibility.onChange(() => this.#subscribe()),
    ]
    this.#setClient(connection.store.getState().client)
  }

  /** The newest frame; null before the first. It stays after a lost connection: it is then the last that is known. */
  get latest(): TelemetryFrame | null {
    return this.#latest
  }

  /** `notify` gets the newest frame at most every `everyMs`, and never while the page is hidden. */
  subscribe(notify: (frame: TelemetryFrame) => void, everyMs = visibleIntervalMs): () => void {
    const listener: Listener = { notify, everyMs, notifiedAt: Number.NEGATIVE_INFINITY }
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  [Symbol.dispose](): void {
    for (const undo of this.#undo) undo()
    this.#setClient(null)
    this.#listeners.clear()
  }

  #setClient(client: ContractClient | null): void {
    if (client === this.#client) return
    this.#client = client
    this.#subscribe()
    if (client !== null) this.#recall(client)
  }

  /** Draws what the host kept of the minute before; of the frames that came meanwhile the newest is the next after it. */
  #recall(client: ContractClient): void {
    client.call('system.recentTelemetry', {}).then(
      (moments) => {
        const last = moments.at(-1)
        if (client !== this.#client || last === undefined) return
        this.history.restore(moments)
        if (this.#latest !== null && this.#latest.now > last.now) this.history.add(this.#latest)
      },
      // A host that has no past to tell of has a present.
      () => undefined,
    )
  }

  #subscribe(): void {
    this.#subscription?.close()
    this.#subscription = null
    const generation = ++this.#generation
    const intervalMs = this.#visibility.visible ? visibleIntervalMs : hiddenIntervalMs
    this.#client
      ?.subscribe('telemetry', { intervalMs }, (bytes) => {
        if (generation === this.#generation) this.#receive(decodeTelemetry(bytes))
      })
      .then(
        (subscription) => {
          if (generation === this.#generation) this.#subscription = subscription
          else subscription.close()
        },
        // A connection that is lost meanwhile says so itself, and comes back with a new client.
        () => undefined,
      )
  }

  #receive(frame: TelemetryFrame): void {
    this.#latest = frame
    this.history.add(frame)
    if (!this.#visibility.visible) return
    const now = performance.now()
    for (const listener of this.#listeners) {
      if (now - listener.notifiedAt < listener.everyMs - slackMs) continue
      listener.notifiedAt = now
      listener.notify(frame)
    }
  }
}
