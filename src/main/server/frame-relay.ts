import type { MessagePort } from 'node:worker_threads'
import type { WebSocket } from 'ws'
import { closeCodes } from '../../shared/contract/close-codes.ts'

export interface RelayLimits {
  /** Bytes that may wait for a slow client before both directions pause. One message may go beyond it. */
  readonly bufferedBytes: number
  /** Milliseconds without any progress after which a paused client is disconnected. */
  readonly stallMs: number
}

export interface CloseReason {
  readonly code: number
  readonly reason: string
}

export const defaultRelayLimits: RelayLimits = { bufferedBytes: 4 * 1024 * 1024, stallMs: 30_000 }

const unreadableAnswer = { code: closeCodes.internalError, reason: 'an answer could not be carried over' }
const binaryMessage = { code: closeCodes.unsupportedData, reason: 'messages to the host are text' }
const stalled = { code: closeCodes.tooSlow, reason: 'the client does not read what it asked for' }

/**
 * Carries messages between a client's socket and its port into the control thread, until either ends: text as strings,
 * binary as ArrayBuffer. Nothing is parsed here, so that no message can hold up the thread that draws the window.
 *
 * Against a client that reads slowly both directions pause: its requests are not read, so it can neither ask for more nor
 * grant credits, and what was already answered waits in the port. A client that stays stalled is disconnected.
 */
export class FrameRelay {
  readonly #socket: WebSocket
  readonly #port: MessagePort
  readonly #limits: RelayLimits
  #stalled: NodeJS.Timeout | null = null

  /** `portEnded` says what it means when the control thread ends the port. */
  constructor(socket: WebSocket, port: MessagePort, limits: RelayLimits, portEnded: () => CloseReason) {
    this.#socket = socket
    this.#port = port
    this.#limits = limits
    socket.on('message', this.#onSocketMessage)
    socket.on('close', () => this.#end())
    // A broken frame, too large a message or a lost connection: ws closes the socket itself with the fitting code.
    socket.on('error', () => this.#end())
    port.on('message', this.#onPortMessage)
    port.on('messageerror', () => this.close(unreadableAnswer))
    port.on('close', () => this.close(portEnded()))
  }

  /** Ends the connection; the client gets the code and the reason. */
  close({ code, reason }: CloseReason): void {
    this.#end()
    // Also from a pause: a close frame of the client could not be read otherwise.
    this.#socket.resume()
    this.#socket.close(code, reason)
  }

  readonly #onSocketMessage = (data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean): void => {
    if (isBinary) this.close(binaryMessage)
    else this.#port.postMessage(data.toString())
  }

  readonly #onPortMessage = (message: string | ArrayBuffer): void => {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(message, this.#onSent)
    if (this.#stalled === null && this.#socket.bufferedAmount > this.#limits.bufferedBytes) this.#pause()
  }

  /** Runs when the operating system has taken a message: the client reads. */
  readonly #onSent = (): void => {
    if (this.#stalled === null) return
    if (this.#socket.bufferedAmount <= this.#limits.bufferedBytes / 2) this.#resume()
    else this.#stalled.refresh()
  }

  #pause(): void {
    this.#socket.pause()
    // Without a listener a port keeps its messages; they are delivered when it has one again.
    this.#port.off('message', this.#onPortMessage)
    this.#stalled = setTimeout(() => this.close(stalled), this.#limits.stallMs)
  }

  #resume(): void {
    this.#clearStall()
    this.#socket.resume()
    this.#port.on('message', this.#onPortMessage)
  }

  #end(): void {
    this.#clearStall()
    this.#port.off('message', this.#onPortMessage)
    this.#port.close()
  }

  #clearStall(): void {
    if (this.#stalled !== null) clearTimeout(this.#stalled)
    this.#stalled = null
  }
}
