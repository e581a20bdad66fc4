import type { IncomingMessage, ServerResponse } from 'node:http'
import { ContractClient } from '../../shared/contract/client.ts'
import { PortTransport } from '../control/port-transport.ts'
import type { AttemptLimiter } from './attempt-limiter.ts'
import type { PeerConnector } from './rpc-endpoint.ts'
import { isSameSecret } from './secret.ts'
import { securityHeaders } from './security-headers.ts'
import { answerText } from './window-requests.ts'

export const metricsPath = '/metrics'

export interface MetricsSettings {
  readonly control: PeerConnector
  /** Each of them opens the page: the host's own secret, and a scrape token that opens nothing else. */
  readonly tokens: readonly string[]
  readonly limiter: AttemptLimiter
}

const bearer = /^bearer (\S+)$/i

/** `GET /metrics` for Prometheus: the token as `Authorization: Bearer`, the figures from the control thread. */
export class MetricsRequests implements Disposable {
  readonly #settings: MetricsSettings
  #client: ContractClient | null = null

  constructor(settings: MetricsSettings) {
    this.#settings = settings
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET') {
      answerText(response, 405, 'Only GET is answered here.', { allow: 'GET' })
      return
    }
    const given = bearer.exec(request.headers.authorization ?? '')?.[1]
    if (given === undefined || !this.#settings.tokens.some((token) => isSameSecret(given, token))) {
      this.#refuse(response)
      return
    }
    try {
      const { contentType, text } = await this.#connected().call('metrics.scrape', {})
      response.writeHead(200, { ...securityHeaders, 'content-type': contentType, 'cache-control': 'no-store' })
      response.end(text)
    } catch {
      answerText(response, 503, 'The scheduler did not answer; it may be stopping.')
    }
  }

  [Symbol.dispose](): void {
    this.#client?.close()
  }

  #refuse(response: ServerResponse): void {
    if (this.#settings.limiter.fail()) {
      answerText(response, 429, 'Too many wrong tokens; try again in some seconds.')
      return
    }
    answerText(response, 401, 'Send the scrape token or the secret as "Authorization: Bearer …".', {
      'www-authenticate': 'Bearer realm="guardhouse"',
    })
  }

  #connected(): ContractClient {
    if (this.#client !== null && this.#client.closed === null) return this.#client
    const port = this.#settings.control.connect({ kind: 'window', name: 'metrics', readOnly: true })
    this.#client = new ContractClient(new PortTransport(port))
    return this.#client
  }
}
