import type { MessagePort } from 'node:worker_threads'
import type { Transport } from '../../shared/contract/client.ts'

/** Carries a ContractClient inside the host process, over a port of `ControlHost.connect` for a peer of kind `window`. */
export class PortTransport implements Transport {
  readonly #port: MessagePort

  constructor(port: MessagePort) {
    this.#port = port
  }

  start(onMessage: (message: unknown) => void, onClose: (why: string) => void): void {
    this.#port.on('message', onMessage)
    this.#port.on('close', () => onClose('the host closed it'))
  }

  send(message: object): void {
    this.#port.postMessage(message)
  }

  close(): void {
    this.#port.close()
  }
}
