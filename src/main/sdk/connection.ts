import { ContractClient } from '../../shared/contract/client.ts'
import { closeCodes } from '../../shared/contract/close-codes.ts'
import { contractVersion } from '../../shared/contract/index.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { ClientRuntime } from './client-runtime.ts'
import { type HostAnnouncement, runningHosts } from './discovery.ts'
import { installedRuntime, installRuntime } from './runtime.ts'
import { hostsDirectory } from './state-directory.ts'
import { WebSocketTransport, webSocketAddress } from './web-socket-transport.ts'

export interface ConnectOptions {
  /** Address of the host, such as `http://127.0.0.1:4177`; without it the newest running host is found. */
  readonly url?: string | undefined
  /** The host's secret; without it the one that the host at `url` announces. */
  readonly secret?: string | undefined
  /** Who this program is, for the host's audit log: `program` when left out, `program nightly import`, `release script`. */
  readonly client?: string | undefined
}

/** One program's connection to a host. While it lives, guarded operations called in this program run there. */
export class Connection implements AsyncDisposable {
  /** Address of the host. */
  readonly url: string
  /** The whole contract, for what guarded operations do not offer. */
  readonly client: ContractClient
  readonly #runtime: ClientRuntime
  readonly #ended: Promise<void>

  constructor(url: string, client: ContractClient) {
    this.url = url
    this.client = client
    this.#runtime = new ClientRuntime(client)
    this.#ended = new Promise((resolve) => client.onClose(() => resolve()))
    installRuntime(this.#runtime)
  }

  /**
   * Ends the connection; tokens go on at the host. Calls of guarded operations are `no-coordinator` afterwards. A connection
   * that broke off by itself stays installed until then, so that calls say `disconnected`.
   */
  async disconnect(): Promise<void> {
    if (installedRuntime() === this.#runtime) installRuntime(undefined)
    this.client.close()
    await this.#ended
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect()
  }
}

/** See `connect` in index.ts. */
export async function openConnection(options: ConnectOptions): Promise<Connection> {
  refuseSecondCoordinator()
  const { url, secret } = findHost(options)
  const transport = await WebSocketTransport.open(url, secret, options.client)
  const client = new ContractClient(transport)
  try {
    await greet(client, url)
    // Somebody may have connected while this connection was being made.
    refuseSecondCoordinator()
  } catch (error) {
    client.close()
    throw transport.closeCode === closeCodes.wrongSecret ? wrongSecret(url, error) : error
  }
  return new Connection(url, client)
}

function refuseSecondCoordinator(): void {
  if (installedRuntime() === undefined) return
  throw new GuardhouseError('conflict', 'this program already has a coordinator', {
    hint: 'Disconnect first; inside an operation no connection is needed.',
  })
}

async function greet(client: ContractClient, url: string): Promise<void> {
  const info = await client.call('system.info', {})
  if (info.contract === contractVersion) return
  const message = `the host at ${url} speaks contract version ${info.contract}, this program version ${contractVersion}`
  throw new GuardhouseError('unsupported', message, { hint: 'Use the same version of guardhouse on both sides.' })
}

function findHost(options: ConnectOptions): { url: string; secret: string } {
  const { url, secret } = options
  if (url !== undefined && secret !== undefined) return { url, secret }
  const hosts = runningHosts()
  const found = url === undefined ? hosts[0] : hosts.find((host) => sameAddress(host, url))
  if (found !== undefined) return { url: found.url, secret: secret ?? found.secret }
  if (url === undefined) {
    throw new GuardhouseError('no-coordinator', `no running Guardhouse announces itself in ${hostsDirectory()}`, {
      hint: 'Start one with `npx guardhouse serve`, or give its address: connect({ url, secret }).',
    })
  }
  throw new GuardhouseError('bad-request', `connect: secret is missing, and no host on this machine announces ${url}`, {
    hint: 'Give the secret that the host printed when it started: connect({ url, secret }).',
  })
}

function sameAddress(host: HostAnnouncement, url: string): boolean {
  return webSocketAddress(host.url).href === webSocketAddress(url).href
}

function wrongSecret(url: string, cause: unknown): GuardhouseError {
  return new GuardhouseError('not-allowed', `the host at ${url} refused the secret`, {
    hint: 'A host makes a new secret at every start: copy it again, or leave it out for a host on this machine.',
    cause,
  })
}
