import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { SystemInfo } from '../../shared/contract/system.ts'
import { AttemptLimiter } from './attempt-limiter.ts'
import { defaultRelayLimits, type RelayLimits } from './frame-relay.ts'
import { type PublishedHost, publishHost } from './host-file.ts'
import { listenOnLoopback } from './http-listener.ts'
import { loopbackAddress, requireLoopback } from './loopback-address.ts'
import { MetricsRequests, metricsPath } from './metrics-request.ts'
import { OpenTickets } from './open-tickets.ts'
import { refuseOrigin } from './request-origin.ts'
import { type PeerConnector, RpcEndpoint, refuseUpgrade } from './rpc-endpoint.ts'
import { createSecret } from './secret.ts'
import { answerUpload, type UploadSettings, uploadPath } from './trace-uploads.ts'
import { answerText, answerWindowRequest } from './window-requests.ts'

export interface ServerOptions {
  readonly control: PeerConnector
  /** Directory of the built window. */
  readonly rendererDirectory: string
  /** Where `hosts/<pid>.json` is published. */
  readonly stateDirectory: string
  /** Every client of this server may only read. */
  readonly readOnly: boolean
  readonly host: SystemInfo['host']
  /** What the host was started with, for the list of hosts. */
  readonly workspace: string | null
  /** Left out: 7417, or any free port when that is taken. 0: any free port. */
  readonly port?: number | undefined
  /** Anything but loopback is refused. */
  readonly address?: string | undefined
  readonly relayLimits?: RelayLimits | undefined
  /** Opens `/metrics` and nothing else, beside the secret. */
  readonly scrapeToken?: string | undefined
}

export interface RunningServer extends AsyncDisposable {
  /** Such as `http://127.0.0.1:7417`. */
  readonly url: string
  /** The same with the secret in its fragment: what a person opens. */
  readonly openUrl: string
  readonly secret: string
  /** Clients connected now. */
  readonly clients: number
  /** Clients that have connected since the start, also those that have gone. */
  readonly clientsSoFar: number
  /** An address that opens the window once, within a minute: for the arguments of a browser, which others can read. */
  issueOpenUrl(): string
  /** Lets nobody in any more, while who is connected still hears how their tokens end. */
  beginStop(): void
  /** Tells every client, closes every connection and takes the host's file away. */
  close(): Promise<void>
}

/**
 * Serves the window and the contract on loopback, protected by a secret that is new with every start.
 * Throws `bad-request` for an address that is not loopback, `conflict` when the asked port is taken.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  requireLoopback(options.address ?? loopbackAddress)
  const server = new LoopbackServer(options)
  await server.start()
  return server
}

// Twenty wrong secrets in ten seconds are more than any number of forgotten pages makes.
const wrongSecrets = { most: 20, windowMs: 10_000 }
const closeGraceMs = 1000
const headersTimeoutMs = 10_000

class LoopbackServer implements RunningServer {
  readonly secret = createSecret()
  readonly #options: ServerOptions
  readonly #http: Server
  readonly #endpoint: RpcEndpoint
  readonly #metrics: MetricsRequests
  readonly #uploads: UploadSettings
  readonly #tickets = new OpenTickets(() => performance.now())
  #port = 0
  #published: PublishedHost | null = null
  #closing: Promise<void> | null = null

  constructor(options: ServerOptions) {
    this.#options = options
    this.#endpoint = new RpcEndpoint({
      control: options.control,
      secret: this.secret,
      readOnly: options.readOnly,
      limiter: new AttemptLimiter(wrongSecrets.most, wrongSecrets.windowMs, () => performance.now()),
      relayLimits: options.relayLimits ?? defaultRelayLimits,
    })
    const { scrapeToken = '' } = options
    this.#metrics = new MetricsRequests({
      control: options.control,
      tokens: [this.secret, ...(scrapeToken === '' ? [] : [scrapeToken])],
      limiter: new AttemptLimiter(wrongSecrets.most, wrongSecrets.windowMs, () => performance.now()),
    })
    this.#uploads = {
      ...{ control: options.control, secret: this.secret, readOnly: options.readOnly },
      limiter: new AttemptLimiter(wrongSecrets.most, wrongSecrets.windowMs, () => performance.now()),
    }
    this.#http = createServer({ headersTimeout: headersTimeoutMs }, (request, response) => {
      void this.#answer(request, response)
    })
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  get url(): string {
    return `http://${loopbackAddress}:${this.#port}`
  }

  get openUrl(): string {
    return `${this.url}/#secret=${this.secret}`
  }

  get clients(): number {
    return this.#endpoint.clients
  }

  get clientsSoFar(): number {
    return this.#endpoint.clientsSoFar
  }

  issueOpenUrl(): string {
    return `${this.url}/open/${this.#tickets.issue()}`
  }

  beginStop(): void {
    this.#endpoint.beginStop()
  }

  async start(): Promise<void> {
    const { host, workspace, stateDirectory, port } = this.#options
    const startedAt = Date.now()
    this.#port = await listenOnLoopback(this.#http, port)
    const announcement = { pid: process.pid, url: this.url, secret: this.secret, host, startedAt, workspace }
    try {
      this.#published = await publishHost(stateDirectory, announcement)
    } catch (error) {
      await this.close()
      throw error
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#published?.[Symbol.dispose]()
    this.#metrics[Symbol.dispose]()
    const closed = new Promise((resolve) => this.#http.close(resolve))
    await this.#endpoint.close(closeGraceMs)
    this.#http.closeAllConnections()
    await closed
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refuseOrigin(request.headers, this.#port)
    if (refusal !== null) {
      answerText(response, 403, `Refused: ${refusal}.`)
      return
    }
    try {
      if (request.url === metricsPath) {
        await this.#metrics.answer(request, response)
        return
      }
      if (request.url?.split('?', 1)[0] === uploadPath) {
        await answerUpload(request, response, this.#uploads)
        return
      }
      await answerWindowRequest(request, response, {
        directory: this.#options.rendererDirectory,
        health: () => ({ name: 'guardhouse', status: 'ok', host: this.#options.host, clients: this.clients }),
        redeem: (ticket) => (this.#tickets.redeem(ticket) ? `/#secret=${this.secret}` : null),
      })
    } catch {
      // Either the browser went away in the middle of an answer, or a file cannot be read: say no more than that.
      if (response.headersSent) response.destroy()
      else answerText(response, 500, 'This file could not be read.')
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = refuseOrigin(request.headers, this.#port)
    if (refusal === null) this.#endpoint.upgrade(request, socket, head)
    else refuseUpgrade(socket, 403, 'Forbidden', `Refused: ${refusal}.`)
  }
}
