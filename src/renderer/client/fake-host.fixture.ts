import { vi } from 'vitest'
import type { Transport } from '../../shared/contract/client.ts'
import { type StreamName, streams } from '../../shared/contract/index.ts'
import { binaryPrefixBytes } from '../../shared/contract/wire.ts'
import { encodeTelemetry, type TelemetryFrame } from '../../shared/frames/telemetry.ts'
import { connectHost } from './host.ts'
import type { PageVisibility } from './page-visibility.ts'

interface Message {
  readonly id?: number
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}

/** The far end of one connection: answers calls, and sends frames as long as there are credits. */
export class FakeHost {
  readonly calls: Message[] = []
  readonly answers = new Map<string, (params: Message['params']) => unknown>([['system.recentTelemetry', () => []]])
  readonly #credits = new Map<number, number>()
  readonly #streams = new Map<number, string>()
  #nextSubscription = 1
  #toClient: ((message: unknown) => void) | null = null
  #closed: ((why: string) => void) | null = null

  readonly transport: Transport = {
    start: (onMessage, onClose) => {
      this.#toClient = onMessage
      this.#closed = onClose
    },
    send: (message) => this.#receive(message as Message),
    close: () => undefined,
  }

  countCalls(method: string): number {
    return this.calls.filter((call) => call.method === method).length
  }

  /** Streams of that name that are open now, with what was asked for. */
  openStreams(name: string): readonly number[] {
    return [...this.#streams].filter(([, stream]) => stream === name).map(([subscription]) => subscription)
  }

  /** Sends a frame on every telemetry stream that has a credit left; returns how many it sent. */
  sendFrame(frame: TelemetryFrame): number {
    let sent = 0
    for (const subscription of this.openStreams('telemetry')) {
      const credits = this.#credits.get(subscription) ?? 0
      if (credits === 0) continue
      this.#credits.set(subscription, credits - 1)
      const bytes = new Uint8Array(encodeTelemetry(frame))
      const message = new Uint8Array(binaryPrefixBytes + bytes.length)
      new DataView(message.buffer).setUint32(0, subscription, true)
      message.set(bytes, binaryPrefixBytes)
      this.#toClient?.(message.buffer)
      sent += 1
    }
    return sent
  }

  sendEvent(item: unknown): void {
    this.sendItem('events', item)
  }

  /** Sends an item on every open stream of that name. */
  sendItem(stream: StreamName, item: unknown): void {
    for (const subscription of this.openStreams(stream)) {
      this.#toClient?.({ jsonrpc: '2.0', method: 'stream.item', params: { subscription, item } })
    }
  }

  /** Ends the connection from this side. */
  drop(why: string): void {
    this.#streams.clear()
    this.#closed?.(why)
  }

  #receive(message: Message): void {
    this.calls.push(message)
    const subscription = Number(message.params.subscription)
    if (message.method === 'stream.credit') {
      this.#credits.set(subscription, (this.#credits.get(subscription) ?? 0) + Number(message.params.credits))
    } else if (message.method === 'stream.close') this.#streams.delete(subscription)
    else queueMicrotask(() => this.#answer(message))
  }

  #answer({ id, method, params }: Message): void {
    this.#toClient?.({ jsonrpc: '2.0', id, result: this.#result(method, params) })
  }

  #result(method: string, params: Message['params']): unknown {
    if (!(method in streams)) return this.answers.get(method)?.(params) ?? {}
    const subscription = this.#nextSubscription++
    this.#streams.set(subscription, method)
    return { subscription }
  }
}

/** A page that tests show and hide. */
export class FakeVisibility implements PageVisibility {
  visible = true
  readonly #listeners = new Set<() => void>()

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  set(visible: boolean): void {
    this.visible = visible
    for (const listener of this.#listeners) listener()
  }
}

/** A host whose far end is a fake one, connected. Needs fake timers. */
export async function connectToFakeHost() {
  const far = new FakeHost()
  const visibility = new FakeVisibility()
  const host = connectHost(async () => far.transport, visibility)
  await vi.advanceTimersByTimeAsync(0)
  return { far, visibility, host }
}
