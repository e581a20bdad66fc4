import {
  type MessageToMain,
  type MessageToPage,
  type PermissionName,
  receiverName,
  senderName,
} from '../wire/messages.ts'
import { fromStructuredText, toStructuredText } from '../wire/structured-text.ts'

type MessageOf<Kind extends MessageToPage['kind']> = Extract<MessageToPage, { kind: Kind }>
type Receivers = { [Kind in MessageToPage['kind']]?: (message: MessageOf<Kind>) => void }

/** A document's end of the link to the main process. What is sent within one task travels as one batch. */
export class MainLink {
  readonly #sendText: (batch: string) => void
  readonly #receivers: Receivers = {
    answer: ({ call, value }) => this.#take(call)?.resolve(fromStructuredText(value)),
    refusal: ({ call, message }) => this.#take(call)?.reject(new Error(message)),
  }
  readonly #calls = new Map<number, { resolve(value: unknown): void; reject(reason: unknown): void }>()
  #outbox: MessageToMain[] = []
  #lastCall = 0

  constructor() {
    const world = globalThis as unknown as Record<string, unknown>
    this.#sendText = world[senderName] as (batch: string) => void
    world[receiverName] = (batch: string) => this.#receive(JSON.parse(batch) as MessageToPage[])
  }

  send(message: MessageToMain): void {
    this.#outbox.push(message)
    if (this.#outbox.length > 1) return
    queueMicrotask(() => {
      const batch = JSON.stringify(this.#outbox)
      this.#outbox = []
      this.#sendText(batch)
    })
  }

  on<Kind extends MessageToPage['kind']>(kind: Kind, receiver: (message: MessageOf<Kind>) => void): void {
    // The table's type pairs each kind with its receiver, but not for a Kind that is not known yet.
    this.#receivers[kind] = receiver as Receivers[Kind]
  }

  invoke(channel: string, args: unknown[]): Promise<unknown> {
    const text = toStructuredText(args)
    return this.#call((call) => ({ kind: 'invoke', call, channel, args: text }))
  }

  askPermission(permission: PermissionName): Promise<unknown> {
    return this.#call((call) => ({ kind: 'permission', call, permission }))
  }

  #call(messageFor: (call: number) => MessageToMain): Promise<unknown> {
    const call = ++this.#lastCall
    const answer = Promise.withResolvers<unknown>()
    this.#calls.set(call, answer)
    this.send(messageFor(call))
    return answer.promise
  }

  #take(call: number) {
    const waiting = this.#calls.get(call)
    this.#calls.delete(call)
    return waiting
  }

  #receive(batch: MessageToPage[]): void {
    for (const message of batch) {
      const receiver = this.#receivers[message.kind] as ((message: MessageToPage) => void) | undefined
      receiver?.(message)
    }
  }
}
