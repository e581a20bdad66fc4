import type { Transport } from '../../shared/contract/client.ts'

/** Carries the contract over the port that the desktop's shell thread relays to the host. */
export function messagePortTransport(port: MessagePort): Transport {
  let ended = false
  return {
    start(onMessage, onClose) {
      const end = (why: string) => {
        if (ended) return
        ended = true
        onClose(why)
      }
      port.addEventListener('message', (event) => onMessage(event.data))
      port.addEventListener('messageerror', () => end('a message could not be read'))
      port.addEventListener('close', () => end('the host closed the connection'))
      port.start()
    },
    send(message) {
      port.postMessage(message)
    },
    close() {
      ended = true
      port.close()
    },
  }
}
