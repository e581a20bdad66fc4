import type { Transport } from '../../shared/contract/client.ts'
import { closeCodes } from '../../shared/contract/close-codes.ts'
import { GuardhouseError } from '../../shared/errors.ts'

const normalClosureCode = 1000

/**
 * Opens a WebSocket to the host that served this page. The secret travels as a subprotocol, because a browser can set no
 * header and an address ends up in histories. Rejects with `disconnected` when nobody answers.
 */
export function openWebSocket(page: Location, secret: string): Promise<Transport> {
  const url = new URL('/rpc', page.href)
  url.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:'
  url.search = '?client=browser'
  url.hash = ''
  const socket = new WebSocket(url, ['guardhouse', `secret.${secret}`])
  socket.binaryType = 'arraybuffer'
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(webSocketTransport(socket)), { once: true })
    socket.addEventListener('error', () => reject(unreachable()), { once: true })
  })
}

/** Carries the contract over an open WebSocket: JSON as text, items of binary streams as they are. */
function webSocketTransport(socket: WebSocket): Transport {
  return {
    start(onMessage, onClose) {
      socket.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
        onMessage(typeof event.data === 'string' ? JSON.parse(event.data) : event.data)
      })
      socket.addEventListener('close', (event) => onClose(closeReason(event)))
    },
    send(message) {
      socket.send(JSON.stringify(message))
    },
    close() {
      socket.close(normalClosureCode)
    },
  }
}

/** What the close of a socket means for a person. */
export function closeReason(event: { readonly code: number; readonly reason: string }): string {
  if (event.code === closeCodes.wrongSecret) return wrongSecret
  return event.reason === '' ? `the host stopped answering (code ${event.code})` : event.reason
}

/** Said when the host does not know the secret; trying again cannot help. */
export const wrongSecret = 'this page belongs to an earlier start of the host'

function unreachable(): GuardhouseError {
  return new GuardhouseError('disconnected', 'the host does not answer', {
    hint: 'Is it still running? Start it again with `guardhouse serve` or `npm start`.',
  })
}
