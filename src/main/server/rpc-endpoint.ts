import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { MessagePort } from 'node:worker_threads'
import { type WebSocket, WebSocketServer } from 'ws'
import { closeCodes } from '../../shared/contract/close-codes.ts'
import { maxMessageBytes } from '../../shared/contract/wire.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { Peer } from '../control/control-protocol.ts'
import type { AttemptLimiter } from './attempt-limiter.ts'
import { FrameRelay, type RelayLimits } from './frame-relay.ts'
import { identifyPeer, type PeerIdentity } from './peer-identity.ts'
import { isSameSecret } from './secret.ts'

/** What the server needs of a control host: a port of its own for every client. Throws when the control thread is gone. */
export interface PeerConnector {
  connect(peer: Peer): MessagePort
}

export interface RpcEndpointSettings {
  readonly control: PeerConnector
  readonly secret: string
  readonly readOnly: boolean
  readonly limiter: AttemptLimiter
  readonly relayLimits: RelayLimits
}

export const rpcPath = '/rpc'
const protocol = 'guardhouse'
const secretPrefix = 'secret.'

const hostStopped = { code: closeCodes.goingAway, reason: 'the host stopped' }
const controlThreadEnded = { code: closeCodes.internalError, reason: 'the control thread ended' }

/**
 * The WebSocket door. A client names the subprotocols `guardhouse` and `secret.<secret>`: browsers can set no header but
 * this one, and unlike a URL it is not kept in any history or log. A wrong secret is told with close code 4401 rather than
 * by refusing the upgrade, because a page learns nothing from a refused upgrade and could not tell the person what is wrong.
 */
export class RpcEndpoint {
  readonly #settings: RpcEndpointSettings
  readonly #relays = new Set<FrameRelay>()
  #clientsSoFar = 0
  #stopping = false
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    // Only this one is ever echoed, so that the secret is in no answer.
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  })

  constructor(settings: RpcEndpointSettings) {
    this.#settings = settings
  }

  /** Clients connected now. */
  get clients(): number {
    return this.#relays.size
  }

  /** Clients that have connected since the start, also those that have gone. */
  get clientsSoFar(): number {
    return this.#clientsSoFar
  }

  /** Takes over an upgrade request whose Host and Origin are already checked. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://host')
    if (url.pathname !== rpcPath) {
      refuseUpgrade(socket, 404, 'Not Found', `The contract is spoken at ${rpcPath}.`)
      return
    }
    if (this.#stopping) {
      refuseUpgrade(socket, 503, 'Service Unavailable', 'The host is stopping.')
      return
    }
    const known = isSameSecret(offeredSecret(request), this.#settings.secret)
    if (!known && this.#settings.limiter.fail()) {
      refuseUpgrade(socket, 429, 'Too Many Requests', 'Too many attempts with a wrong secret.')
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      if (known) this.#connect(client, identifyPeer(url, request.headers.origin !== undefined))
      else client.close(closeCodes.wrongSecret, 'wrong secret')
    })
  }

  /** Lets nobody in any more. Who is connected may hear the rest; that their ports end now means that the host stopped. */
  beginStop(): void {
    this.#stopping = true
  }

  /** Tells every client that the host stops; a client that does not answer within `graceMs` is cut off. */
  async close(graceMs: number): Promise<void> {
    this.beginStop()
    for (const relay of this.#relays) relay.close(hostStopped)
    const late = setTimeout(() => {
      for (const client of this.#sockets.clients) client.terminate()
    }, graceMs)
    await new Promise<void>((resolve) => this.#sockets.close(() => resolve()))
    clearTimeout(late)
  }

  #connect(client: WebSocket, peer: PeerIdentity): void {
    const relay = this.#openRelay(client, peer)
    if (relay === null) {
      client.close(controlThreadEnded.code, controlThreadEnded.reason)
      return
    }
    this.#relays.add(relay)
    this.#clientsSoFar += 1
    client.on('close', () => this.#relays.delete(relay))
  }

  /** Null when there is no control thread any more. */
  #openRelay(client: WebSocket, peer: PeerIdentity): FrameRelay | null {
    const { control, readOnly, relayLimits } = this.#settings
    try {
      const port = control.connect({ ...peer, readOnly })
      return new FrameRelay(client, port, relayLimits, () => (this.#stopping ? hostStopped : controlThreadEnded))
    } catch (error) {
      if (error instanceof GuardhouseError) return null
      throw error
    }
  }
}

/** Refuses an upgrade in plain HTTP. */
export function refuseUpgrade(socket: Duplex, status: number, phrase: string, sentence: string): void {
  const body = `${sentence}\n`
  const head = [
    `HTTP/1.1 ${status} ${phrase}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  // The client may be gone already; there is nobody left to tell.
  socket.on('error', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function offeredSecret(request: IncomingMessage): string {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((item) => item.trim())
  return offered.find((item) => item.startsWith(secretPrefix))?.slice(secretPrefix.length) ?? ''
}
