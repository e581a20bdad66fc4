import { binaryPrefixBytes, type NotificationMessage } from '../../shared/contract/wire.ts'

/** What a slow or busy reader did not get, over all connections, since the host started. */
export interface LossLedger {
  framesMerged: number
  eventsDropped: number
}

/** Sends the items of one stream to one reader that may be slower than their source. */
export interface StreamSender<Item> {
  offer(item: Item): void
  grant(credits: number): void
  close(): void
}

/** A reader can save up this many credits: one that never reads must not be owed an endless backlog. */
const maxCredits = 1000

interface BinarySenderOptions {
  readonly subscription: number
  readonly send: (message: ArrayBuffer) => void
  /** Writes into the reader's own copy how many items it has missed so far. */
  readonly stamp: (item: DataView, merged: number) => void
  readonly ledger: LossLedger
}

/** Each item uses up one credit. Without credit only the newest item waits; what it replaces is counted. */
export class BinarySender implements StreamSender<ArrayBuffer> {
  readonly #options: BinarySenderOptions
  #credits = 0
  #waiting: ArrayBuffer | null = null
  #merged = 0

  constructor(options: BinarySenderOptions) {
    this.#options = options
  }

  offer(item: ArrayBuffer): void {
    if (this.#credits > 0) {
      this.#send(item)
      return
    }
    if (this.#waiting !== null) {
      this.#merged += 1
      this.#options.ledger.framesMerged += 1
    }
    this.#waiting = item
  }

  grant(credits: number): void {
    this.#credits = Math.min(maxCredits, this.#credits + credits)
    if (this.#waiting === null) return
    const newest = this.#waiting
    this.#waiting = null
    this.#send(newest)
  }

  close(): void {
    this.#waiting = null
  }

  /** Copies: the item is shared with other readers, and the copy is moved to this one. */
  #send(item: ArrayBuffer): void {
    this.#credits -= 1
    const message = new ArrayBuffer(binaryPrefixBytes + item.byteLength)
    new DataView(message).setUint32(0, this.#options.subscription, true)
    new Uint8Array(message, binaryPrefixBytes).set(new Uint8Array(item))
    this.#options.stamp(new DataView(message, binaryPrefixBytes), this.#merged)
    this.#options.send(message)
  }
}

/** Items that wait for the next batch; the oldest are dropped beyond this. */
export const maxWaitingItems = 256
/** A batch at most this often, so that a burst reaches a reader as at most 256 items in 50 ms. */
export const batchIntervalMs = 50

interface JsonSenderOptions<Item> {
  readonly subscription: number
  readonly send: (message: NotificationMessage) => void
  /** The item that tells the reader how many it missed. */
  readonly dropped: (count: number) => Item
  readonly ledger: LossLedger
}

/** Sends values in paced batches; what does not fit the next batch is dropped, oldest first, and the reader is told. */
export class JsonSender<Item> implements StreamSender<Item> {
  readonly #options: JsonSenderOptions<Item>
  #waiting: Item[] = []
  #dropped = 0
  #lastBatchAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | null = null

  constructor(options: JsonSenderOptions<Item>) {
    this.#options = options
  }

  offer(item: Item): void {
    if (this.#waiting.length >= maxWaitingItems) {
      this.#waiting.shift()
      this.#dropped += 1
      this.#options.ledger.eventsDropped += 1
    }
    this.#waiting.push(item)
    if (this.#timer !== null) return
    const delay = Math.max(0, this.#lastBatchAt + batchIntervalMs - performance.now())
    this.#timer = setTimeout(() => this.#sendBatch(), delay)
  }

  /** The wire gives credits to every stream; only binary ones use them up. */
  grant(): void {
    // Paced by time instead.
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#waiting = []
  }

  #sendBatch(): void {
    this.#timer = null
    this.#lastBatchAt = performance.now()
    const items = this.#dropped > 0 ? [this.#options.dropped(this.#dropped), ...this.#waiting] : this.#waiting
    this.#dropped = 0
    this.#waiting = []
    for (const item of items) {
      const { subscription } = this.#options
      this.#options.send({ jsonrpc: '2.0', method: 'stream.item', params: { subscription, item } })
    }
  }
}
