import type { MessagePort } from 'node:worker_threads'
import type { MessagePortMain } from 'electron'

/**
 * Carries messages between a page and the control thread, both ways and unread, until either side closes. `onClosed` is
 * called once, however it ends; the returned function ends it.
 */
export function relayPorts(pagePort: MessagePortMain, hostPort: MessagePort, onClosed: () => void): () => void {
  let open = true
  const close = () => {
    if (!open) return
    open = false
    pagePort.close()
    hostPort.close()
    onClosed()
  }
  pagePort.on('message', (event) => hostPort.postMessage(event.data, transferable(event.data)))
  // Copied, not moved: a MessagePortMain moves nothing but ports.
  hostPort.on('message', (message: unknown) => pagePort.postMessage(message))
  hostPort.on('messageerror', close)
  pagePort.on('close', close)
  hostPort.on('close', close)
  pagePort.start()
  return close
}

function transferable(message: unknown): ArrayBuffer[] {
  return message instanceof ArrayBuffer ? [message] : []
}
