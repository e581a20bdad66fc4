import type { Transport } from '../../shared/contract/client.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { requestPort } from '../../shared/window-bridge.ts'
import { messagePortTransport } from './message-port-transport.ts'
import { takeSecret } from './secret.ts'
import { openWebSocket } from './web-socket-transport.ts'

/** How this page reaches its host: through the desktop's bridge if there is one, else through the server it came from. */
export function chooseTransport(page: Window): () => Promise<Transport> {
  const { guardhouse } = page
  if (guardhouse !== undefined) return async () => messagePortTransport(await requestPort(guardhouse, page))
  const secret = takeSecret({ location: page.location, history: page.history, storage: page.sessionStorage })
  return () => (secret === null ? Promise.reject(withoutSecret()) : openWebSocket(page.location, secret))
}

function withoutSecret(): GuardhouseError {
  return new GuardhouseError('not-allowed', 'this page was opened without the secret of its host', {
    hint: 'Open the whole address that the host printed when it started.',
  })
}
