import { fromStructuredText, toStructuredText } from '../wire/structured-text.ts'
import type { BridgedPorts } from './bridged-ports.ts'
import type { MainLink } from './main-link.ts'

interface IpcRendererEvent {
  readonly sender: IpcRenderer
  readonly ports: readonly MessagePort[]
}

type Listener = (event: IpcRendererEvent, ...args: unknown[]) => void
interface Subscription {
  readonly listener: Listener
  readonly once: boolean
}

/** Electron's `ipcRenderer`, without the synchronous calls that no debugging protocol can carry. */
export class IpcRenderer {
  readonly #link: MainLink
  readonly #ports: BridgedPorts
  readonly #subscriptions = new Map<string, readonly Subscription[]>()

  constructor(link: MainLink, ports: BridgedPorts) {
    this.#link = link
    this.#ports = ports
    link.on('send', (message) => {
      const opened = message.ports.map((name) => ports.open(name))
      this.emit(message.channel, { sender: this, ports: opened }, ...(fromStructuredText(message.args) as unknown[]))
    })
  }

  invoke(channel: string, ...args: unknown[]): Promise<unknown> {
    return this.#link.invoke(channel, args)
  }

  send(channel: string, ...args: unknown[]): void {
    this.#link.send({ kind: 'send', channel, args: toStructuredText(args), ports: [] })
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePort[] = []): void {
    const args = toStructuredText([message])
    this.#link.send({ kind: 'send', channel, args, ports: transfer.map((port) => this.#ports.adopt(port)) })
  }

  sendSync(): never {
    throw new Error('the Electron stand-in has no ipcRenderer.sendSync: the page cannot wait for the main process')
  }

  on(channel: string, listener: Listener): this {
    return this.#subscribe(channel, { listener, once: false })
  }

  once(channel: string, listener: Listener): this {
    return this.#subscribe(channel, { listener, once: true })
  }

  addListener(channel: string, listener: Listener): this {
    return this.on(channel, listener)
  }

  off(channel: string, listener: Listener): this {
    const left = this.#of(channel).toSpliced(this.#indexOf(channel, listener), 1)
    if (this.#indexOf(channel, listener) >= 0) this.#subscriptions.set(channel, left)
    return this
  }

  removeListener(channel: string, listener: Listener): this {
    return this.off(channel, listener)
  }

  removeAllListeners(channel?: string): this {
    if (channel === undefined) this.#subscriptions.clear()
    else this.#subscriptions.delete(channel)
    return this
  }

  listenerCount(channel: string): number {
    return this.#of(channel).length
  }

  emit(channel: string, event: IpcRendererEvent, ...args: unknown[]): boolean {
    const subscriptions = this.#of(channel)
    for (const { listener, once } of subscriptions) {
      if (once) this.off(channel, listener)
      try {
        listener(event, ...args)
      } catch (error) {
        // One listener's fault must not cost the others the message.
        reportError(error)
      }
    }
    return subscriptions.length > 0
  }

  #subscribe(channel: string, subscription: Subscription): this {
    this.#subscriptions.set(channel, [...this.#of(channel), subscription])
    return this
  }

  #of(channel: string): readonly Subscription[] {
    return this.#subscriptions.get(channel) ?? []
  }

  #indexOf(channel: string, listener: Listener): number {
    return this.#of(channel).findIndex((subscription) => subscription.listener === listener)
  }
}
