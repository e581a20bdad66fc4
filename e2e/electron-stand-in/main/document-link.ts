import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { type DevtoolsSession, unlessGone } from '../chromium/devtools-connection.ts'
import { type MessageToMain, type MessageToPage, type PortName, receiverName } from '../wire/messages.ts'
import { toStructuredText } from '../wire/structured-text.ts'
import { MessagePortMain, type PortEnvelope, takeInnerPort } from './message-ports.ts'

/** What a document sends, apart from the traffic of ports that are open already. */
export type DocumentMessage = Exclude<MessageToMain, { kind: 'port-message' | 'port-closed' }>

/** The main process' end of the link with one document. It ends with the document, and every port with it. */
export class DocumentLink {
  readonly #session: DevtoolsSession
  readonly #contextId: string
  readonly #receive: (message: DocumentMessage) => void
  readonly #ports = new Map<PortName, MessagePort>()
  readonly #outbox: MessageToPage[] = []
  #sending = false
  #open = true
  #lastPort = 0

  /** `contextId` is the unique id of the document's preload world. */
  constructor(session: DevtoolsSession, contextId: string, receive: (message: DocumentMessage) => void) {
    this.#session = session
    this.#contextId = contextId
    this.#receive = receive
  }

  get contextId(): string {
    return this.#contextId
  }

  /** Takes in one batch as the document wrote it. */
  receive(batch: string): void {
    for (const message of JSON.parse(batch) as MessageToMain[]) {
      if (!this.#open) return
      if (message.kind === 'port-message') this.#deliver(message.port, message.message, message.ports)
      else if (message.kind === 'port-closed') this.#take(message.port)?.close()
      else this.#receive(message)
    }
  }

  send(channel: string, args: readonly unknown[], ports: readonly MessagePortMain[]): void {
    const text = toStructuredText(args)
    this.#post({ kind: 'send', channel, args: text, ports: ports.map((port) => this.#connect(takeInnerPort(port))) })
  }

  answer(call: number, value: unknown): void {
    this.#post({ kind: 'answer', call, value: toStructuredText(value) })
  }

  refuse(call: number, message: string): void {
    this.#post({ kind: 'refusal', call, message })
  }

  /** The main process' end of a port that the document sent. */
  openPort(name: PortName): MessagePortMain {
    return new MessagePortMain(this.#openInner(name))
  }

  close(): void {
    this.#open = false
    for (const port of this.#ports.values()) port.close()
    this.#ports.clear()
  }

  #deliver(name: PortName, message: string, ports: readonly PortName[]): void {
    const opened = ports.map((each) => this.#openInner(each))
    const envelope: PortEnvelope = { message, ports: opened }
    this.#ports.get(name)?.postMessage(envelope, opened)
  }

  #openInner(name: PortName): MessagePort {
    const { port1: near, port2: far } = new MessageChannel()
    this.#bridge(name, near)
    return far
  }

  #connect(port: MessagePort): PortName {
    const name = `main:${++this.#lastPort}`
    this.#bridge(name, port)
    return name
  }

  #bridge(name: PortName, port: MessagePort): void {
    this.#ports.set(name, port)
    port.on('message', ({ message, ports }: PortEnvelope) => {
      this.#post({ kind: 'port-message', port: name, message, ports: ports.map((each) => this.#connect(each)) })
    })
    port.on('close', () => {
      if (this.#take(name) !== undefined) this.#post({ kind: 'port-closed', port: name })
    })
  }

  #take(name: PortName): MessagePort | undefined {
    const port = this.#ports.get(name)
    this.#ports.delete(name)
    return port
  }

  #post(message: MessageToPage): void {
    if (!this.#open) return
    this.#outbox.push(message)
    if (this.#sending) return
    this.#sending = true
    setImmediate(() => this.#sendAll().catch((error: unknown) => console.error('Electron stand-in:', error)))
  }

  // One batch at a time: a page that is slow to take them gets fewer and larger ones.
  async #sendAll(): Promise<void> {
    while (this.#open && this.#outbox.length > 0) {
      const batch = JSON.stringify(this.#takeBatch())
      const call = this.#session.send('Runtime.callFunctionOn', {
        functionDeclaration: `batch => ${receiverName}(batch)`,
        arguments: [{ value: batch }],
        uniqueContextId: this.#contextId,
        silent: true,
      })
      const answer = await unlessGone(call)
      const fault = answer?.exceptionDetails
      if (fault !== undefined)
        console.error('Electron stand-in: a message broke in the page:', fault.exception?.description)
    }
    this.#sending = false
  }

  #takeBatch(): MessageToPage[] {
    let size = 0
    const end = this.#outbox.findIndex((message) => {
      size += textLength(message)
      return size > largestBatch
    })
    // A single message that is too large goes alone.
    return this.#outbox.splice(0, end < 0 ? this.#outbox.length : Math.max(1, end))
  }
}

// In characters. Chromium handles one text of many megabytes much more slowly than many of this size.
const largestBatch = 400_000

function textLength(message: MessageToPage): number {
  if (message.kind === 'port-message') return message.message.length
  if (message.kind === 'send') return message.args.length
  return message.kind === 'answer' ? message.value.length : 0
}
