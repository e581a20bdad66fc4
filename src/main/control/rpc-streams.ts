import type { StreamName } from '../../shared/contract/index.ts'
import { jsonRpcVersion, type NotificationMessage } from '../../shared/contract/wire.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { HostStreams } from './host-api.ts'
import { BinarySender, JsonSender, type LossLedger, type StreamSender } from './stream-senders.ts'

/** Where items go. */
interface StreamOutlet {
  binary(message: ArrayBuffer): void
  json(message: NotificationMessage): void
}

interface OpenSubscription {
  readonly sender: StreamSender<never>
  readonly end: () => void
}

/** Far more than any page opens. */
export const maxSubscriptions = 64

/** The streams that one connection reads. */
export class RpcStreams implements Disposable {
  readonly #sources: HostStreams
  readonly #ledger: LossLedger
  readonly #outlet: StreamOutlet
  readonly #open = new Map<number, OpenSubscription>()
  #lastSubscription = 0

  constructor(sources: HostStreams, ledger: LossLedger, outlet: StreamOutlet) {
    this.#sources = sources
    this.#ledger = ledger
    this.#outlet = outlet
  }

  /** Opens a stream and returns its number. `input` has been checked. Throws `overloaded` when too many are open. */
  open(name: StreamName, input: unknown): number {
    if (this.#open.size >= maxSubscriptions) {
      throw new GuardhouseError('overloaded', `this connection already reads ${maxSubscriptions} streams`, {
        hint: 'Close one with stream.close.',
      })
    }
    this.#lastSubscription += 1
    const subscription = this.#lastSubscription
    const source = this.#sources[name]
    const sender = this.#makeSender(source, subscription)
    const openSource = source.open as (input: unknown, offer: (item: never) => void) => () => void
    const end = openSource(input, (item) => sender.offer(item))
    this.#open.set(subscription, { sender, end })
    return subscription
  }

  /** A subscription that is not open is ignored: it may have been closed while the message was on its way. */
  grant(subscription: number, credits: number): void {
    this.#open.get(subscription)?.sender.grant(credits)
  }

  /** As `grant`, of a subscription that is not open. */
  close(subscription: number): void {
    const open = this.#open.get(subscription)
    if (open === undefined) return
    this.#open.delete(subscription)
    open.end()
    open.sender.close()
  }

  /** Closes every stream and tells the reader. */
  [Symbol.dispose](): void {
    for (const subscription of [...this.#open.keys()]) {
      this.close(subscription)
      this.#outlet.json({ jsonrpc: jsonRpcVersion, method: 'stream.ended', params: { subscription } })
    }
  }

  #makeSender(source: HostStreams[StreamName], subscription: number): StreamSender<never> {
    if ('stamp' in source) {
      const { stamp } = source
      return new BinarySender({
        subscription,
        stamp,
        ledger: this.#ledger,
        send: (message) => this.#outlet.binary(message),
      })
    }
    // The source of the same name takes what its own `dropped` makes; only their union does not show it.
    const dropped = source.dropped as (count: number) => never
    return new JsonSender<never>({
      subscription,
      dropped,
      ledger: this.#ledger,
      send: (message) => this.#outlet.json(message),
    })
  }
}
