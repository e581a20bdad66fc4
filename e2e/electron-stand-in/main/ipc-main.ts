import { EventEmitter } from 'node:events'
import type { MessagePortMain } from './message-ports.ts'
import type { WebContents } from './web-contents.ts'
import type { WebFrameMain } from './web-frame-main.ts'

export interface IpcMainEvent {
  readonly type: 'frame'
  readonly processId: number
  readonly frameId: number
  readonly sender: WebContents
  /** Null once the document that sent it has gone. */
  readonly senderFrame: WebFrameMain | null
  readonly ports: readonly MessagePortMain[]
  reply(channel: string, ...args: unknown[]): void
}

export type InvokeHandler = (event: IpcMainEvent, ...args: unknown[]) => unknown

/** Electron's `ipcMain`, and the `ipc` of every web contents and frame. */
export class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, InvokeHandler>()

  constructor() {
    super()
    // Channels are events, and an event named `error` without a listener would end the process.
    this.on('error', () => undefined)
  }

  handle(channel: string, handler: InvokeHandler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    if (typeof handler !== 'function')
      throw new TypeError(`Expected handler to be a function, but found type '${typeof handler}'`)
    this.#handlers.set(channel, handler)
  }

  handleOnce(channel: string, handler: InvokeHandler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel)
      return handler(event, ...args)
    })
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  handlerFor(channel: string): InvokeHandler | undefined {
    return this.#handlers.get(channel)
  }
}

export const ipcMain = new IpcMain()
