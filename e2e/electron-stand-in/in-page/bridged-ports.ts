import type { PortName } from '../wire/messages.ts'
import { fromStructuredText, toStructuredText } from '../wire/structured-text.ts'
import type { MainLink } from './main-link.ts'

/** The real DOM ports of one document whose other end is in the main process. */
export class BridgedPorts {
  readonly #link: MainLink
  readonly #ports = new Map<PortName, MessagePort>()
  #lastName = 0

  constructor(link: MainLink) {
    this.#link = link
    link.on('port-message', ({ port, message, ports }) => this.#deliver(port, message, ports))
    link.on('port-closed', ({ port }) => this.#take(port)?.close())
  }

  /** Takes over a port of this document and tells the main process about it under the name that is returned. */
  adopt(port: MessagePort): PortName {
    const name = `page:${++this.#lastName}`
    this.#connect(name, port)
    return name
  }

  /** Makes the port that the main process calls `name`; give it to the page. */
  open(name: PortName): MessagePort {
    const { port1: near, port2: far } = new MessageChannel()
    this.#connect(name, near)
    return far
  }

  #connect(name: PortName, port: MessagePort): void {
    this.#ports.set(name, port)
    port.addEventListener('message', ({ data, ports }) => {
      const message = toStructuredText(data)
      this.#link.send({ kind: 'port-message', port: name, message, ports: ports.map((each) => this.adopt(each)) })
    })
    // Fires when the page closes its end, not when this end is closed.
    port.addEventListener('close', () => {
      if (this.#take(name) !== undefined) this.#link.send({ kind: 'port-closed', port: name })
    })
    port.start()
  }

  #deliver(name: PortName, message: string, ports: readonly PortName[]): void {
    const opened = ports.map((each) => this.open(each))
    const buffers: ArrayBuffer[] = []
    const value = fromStructuredText(message, buffers)
    this.#ports.get(name)?.postMessage(value, [...buffers, ...opened])
  }

  #take(name: PortName): MessagePort | undefined {
    const port = this.#ports.get(name)
    this.#ports.delete(name)
    return port
  }
}
