import { EventEmitter } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { fromStructuredText, type StructuredText, toStructuredText } from '../wire/structured-text.ts'

/** What travels between two ends: the message as text, so that a page's port passes it on unread. */
export interface PortEnvelope {
  readonly message: StructuredText
  readonly ports: readonly MessagePort[]
}

interface MessagePortEvents {
  message: [event: { data: unknown; ports: MessagePortMain[] }]
  close: []
}

const innerPorts = new WeakMap<MessagePortMain, MessagePort>()

/**
 * Electron's `MessagePortMain` around one of Node's own ports, which brings the queue before `start`, the closing of
 * both ends and the transfer of ports within messages.
 */
export class MessagePortMain extends EventEmitter<MessagePortEvents> {
  readonly #port: MessagePort
  #started = false

  constructor(port: MessagePort) {
    super()
    this.#port = port
    innerPorts.set(this, port)
    port.on('close', () => this.emit('close'))
  }

  postMessage(message: unknown, transfer: readonly MessagePortMain[] = []): void {
    const text = toStructuredText(message)
    const ports = transfer.map(takeInnerPort)
    const envelope: PortEnvelope = { message: text, ports }
    this.#port.postMessage(envelope, ports)
  }

  start(): void {
    if (this.#started) return
    this.#started = true
    this.#port.on('message', ({ message, ports }: PortEnvelope) => {
      this.emit('message', { data: fromStructuredText(message), ports: ports.map((port) => new MessagePortMain(port)) })
    })
  }

  close(): void {
    this.#port.close()
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain
  readonly port2: MessagePortMain

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new MessagePortMain(port1)
    this.port2 = new MessagePortMain(port2)
  }
}

/** Node's port within `port`, which is of no use afterwards: it has been transferred. */
export function takeInnerPort(port: MessagePortMain): MessagePort {
  const inner = innerPorts.get(port)
  if (inner === undefined)
    throw new TypeError('Found invalid object in transferList: not a MessagePortMain, or moved before')
  innerPorts.delete(port)
  inner.removeAllListeners()
  return inner
}
