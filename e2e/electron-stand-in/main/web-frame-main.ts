import { originOf } from './custom-schemes.ts'
import { IpcMain } from './ipc-main.ts'
import type { MessagePortMain } from './message-ports.ts'

/** What a frame needs from the page it is in. */
export interface FramePage {
  send(channel: string, args: readonly unknown[], ports: readonly MessagePortMain[]): void
  executeJavaScript(code: string, userGesture: boolean): Promise<unknown>
  reload(): void
}

let lastRoutingId = 0

/** The main frame of one document. Frames within the page have no preload here and therefore never appear. */
export class WebFrameMain {
  readonly ipc = new IpcMain()
  readonly parent = null
  readonly frames: readonly WebFrameMain[] = []
  readonly name = ''
  readonly processId = 1
  readonly routingId = ++lastRoutingId
  readonly frameTreeNodeId = 1
  readonly frameToken: string
  /** In the application's form: `app:` and not what Chromium calls it. */
  url: string
  readonly #page: FramePage
  #destroyed = false

  constructor(frameToken: string, url: string, page: FramePage) {
    this.frameToken = frameToken
    this.url = url
    this.#page = page
  }

  get origin(): string {
    return originOf(this.url)
  }

  get top(): WebFrameMain {
    return this
  }

  get framesInSubtree(): readonly WebFrameMain[] {
    return [this]
  }

  get detached(): boolean {
    return this.#destroyed
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  send(channel: string, ...args: unknown[]): void {
    if (!this.#destroyed) this.#page.send(channel, args, [])
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[] = []): void {
    if (!this.#destroyed) this.#page.send(channel, [message], transfer)
  }

  executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    if (this.#destroyed)
      return Promise.reject(new Error('Render frame was disposed before WebFrameMain could be accessed'))
    return this.#page.executeJavaScript(code, userGesture)
  }

  reload(): boolean {
    if (!this.#destroyed) this.#page.reload()
    return !this.#destroyed
  }

  /** The document has gone. */
  destroy(): void {
    this.#destroyed = true
  }
}
