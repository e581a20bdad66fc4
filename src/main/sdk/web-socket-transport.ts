import { WebSocket } from 'ws'
import type { Transport } from '../../shared/contract/client.ts'
import { closeCodes } from '../../shared/contract/close-codes.ts'
import { maxMessageBytes } from '../../shared/contract/wire.ts'
import { GuardhouseError } from '../../shared/errors.ts'

/** Subprotocol that both sides speak; the secret travels beside it, because a URL ends up in logs. */
export const subprotocol = 'guardhouse'

/** Longest wait for a host to answer the handshake, milliseconds. */
const handshakeTimeout = 10_000

/** Messages of the contract over one WebSocket: JSON in text frames, streams' items in binary frames. */
export class WebSocketTransport implements Transport {
  readonly #socket: WebSocket
  #closeCode: number | null = null

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('close', (code) => {
      this.#closeCode = code
    })
  }

  /**
   * Opens a connection to a host.
   * @param url of the host: `http://127.0.0.1:4177`, or with ws:
   * @param client how this side is called in the host's audit log
   * @throws GuardhouseError `bad-request` for a url or secret of a wrong form, `not-allowed` when the host refuses,
   * `disconnected` when nothing answers.
   */
  static open(url: string, secret: string, client?: string): Promise<WebSocketTransport> {
    return new Promise((resolve, reject) => {
      const socket = createSocket(webSocketAddress(url, client), secret)
      socket.once('open', () => {
        socket.off('error', fail)
        resolve(new WebSocketTransport(socket))
      })
      const fail = (error: Error) => reject(unreachable(url, error))
      socket.on('error', fail)
      socket.once('unexpected-response', (_request, response) => {
        reject(refused(url, response.statusCode ?? 0))
        socket.terminate()
      })
    })
  }

  /** The WebSocket close code, null while the connection lives. */
  get closeCode(): number | null {
    return this.#closeCode
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify(message))
  }

  close(): void {
    this.#socket.close(1000)
  }

  start(onMessage: (message: unknown) => void, onClose: (why: string) => void): void {
    const socket = this.#socket
    let problem = ''
    socket.on('error', (error) => {
      problem = error.message
    })
    socket.on('close', (code, reason) => onClose(closeSentence(code, problem || reason.toString())))
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) onMessage(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength))
      else receiveText(data.toString('utf8'), onMessage, socket)
    })
    if (socket.readyState === WebSocket.CLOSED) queueMicrotask(() => onClose('it ended at once'))
  }
}

function receiveText(text: string, onMessage: (message: unknown) => void, socket: WebSocket): void {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    // Nothing after a broken message can be trusted to belong to a request of ours.
    socket.close(1007, 'not JSON')
    return
  }
  onMessage(message)
}

function createSocket(address: URL, secret: string): WebSocket {
  const options = { handshakeTimeout, maxPayload: maxMessageBytes, perMessageDeflate: false }
  try {
    return new WebSocket(address, [subprotocol, `secret.${secret}`], options)
  } catch (error) {
    throw new GuardhouseError('bad-request', 'the secret has characters that no secret of Guardhouse has', {
      hint: 'Copy it again, without quotes or spaces.',
      cause: error,
    })
  }
}

/** `http://127.0.0.1:4177` -> `ws://127.0.0.1:4177/rpc`. Throws `bad-request` for anything but an http or ws URL. */
export function webSocketAddress(url: string, client?: string): URL {
  const protocols: Readonly<Record<string, string>> = { 'http:': 'ws:', 'ws:': 'ws:', 'https:': 'wss:', 'wss:': 'wss:' }
  const parsed = URL.parse(url)
  const protocol = parsed === null ? undefined : protocols[parsed.protocol]
  if (parsed === null || protocol === undefined) {
    throw new GuardhouseError('bad-request', `${JSON.stringify(url)} is not the address of a host`, {
      hint: 'It looks like http://127.0.0.1:4177.',
    })
  }
  const address = new URL('/rpc', `${protocol}//${parsed.host}`)
  if (client !== undefined) address.searchParams.set('client', client)
  return address
}

function unreachable(url: string, error: Error): GuardhouseError {
  const refusedPort = 'code' in error && error.code === 'ECONNREFUSED'
  const why = refusedPort ? 'nothing listens there' : error.message || 'it did not answer'
  return new GuardhouseError('disconnected', `no Guardhouse at ${url}: ${why}`, {
    hint: 'It may have stopped; start it with `npx guardhouse serve`, or look at the address again.',
    cause: error,
  })
}

function refused(url: string, status: number): GuardhouseError {
  const message = `${url} refused the connection (HTTP ${status})`
  // 429 is how a host answers to too many wrong secrets.
  return [401, 403, 429].includes(status)
    ? new GuardhouseError('not-allowed', message, { hint: 'Look at the secret again.' })
    : new GuardhouseError('disconnected', message, {
        hint: 'Something else may listen there: look at the address again.',
      })
}

function closeSentence(code: number, detail: string): string {
  if (code === closeCodes.wrongSecret) return 'the host refused the secret'
  if (code === 1000 || code === 1001) return 'the host closed it'
  return `it broke off (code ${code}${detail === '' ? '' : `, ${detail}`})`
}
