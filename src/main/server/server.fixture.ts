import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { type ClientOptions, WebSocket } from 'ws'
import { type RunningServer, type ServerOptions, startServer } from './index.ts'

/** For tests: real servers on loopback, with a stand-in for the control thread that shows who connected. */

interface ConnectedPeer {
  readonly kind: string
  readonly name: string
  readonly readOnly: boolean
  /** The control thread's end. */
  readonly port: MessagePort
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export class ServerFixture implements AsyncDisposable {
  /** Everybody who got as far as the control thread. */
  readonly peers: ConnectedPeer[] = []
  readonly directory: string
  readonly #servers: RunningServer[] = []

  private constructor(directory: string) {
    this.directory = directory
  }

  static async create(): Promise<ServerFixture> {
    const directory = await mkdtemp(join(tmpdir(), 'guardhouse-server-'))
    await mkdir(join(directory, 'window', 'assets'), { recursive: true })
    await writeFile(join(directory, 'window', 'index.html'), '<!doctype html><title>Guardhouse</title>')
    await writeFile(join(directory, 'window', 'assets', 'app-1a2b.js'), 'export {}')
    await writeFile(join(directory, 'window', 'empty.css'), '')
    await writeFile(join(directory, 'window', 'notes.secret'), 'of no known type')
    await writeFile(join(directory, 'outside.html'), 'outside')
    await symlink(join(directory, 'outside.html'), join(directory, 'window', 'link.html'))
    return new ServerFixture(directory)
  }

  async start(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
    const server = await startServer({
      control: { connect: (peer) => this.#connectEcho(peer) },
      rendererDirectory: join(this.directory, 'window'),
      stateDirectory: join(this.directory, 'state'),
      readOnly: false,
      host: 'server',
      workspace: null,
      port: 0,
      ...options,
    })
    this.#servers.push(server)
    return server
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) await server.close()
    for (const peer of this.peers) peer.port.close()
    await rm(this.directory, { recursive: true })
  }

  /** Answers a text with the same text and `binary` with four bytes. */
  #connectEcho(peer: Omit<ConnectedPeer, 'port'>): MessagePort {
    const { port1, port2 } = new MessageChannel()
    port1.on('message', (text: string) => {
      if (text === 'binary') port1.postMessage(new Uint8Array([1, 2, 3, 4]).buffer)
      else port1.postMessage(text)
    })
    this.peers.push({ ...peer, port: port1 })
    return port2
  }
}

/** Plain HTTP with the path and the headers exactly as given; fetch would tidy both. */
export function get(
  server: RunningServer,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        body += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    request.on('error', reject)
    request.end()
  })
}

export function dial(
  server: RunningServer,
  options: { secret?: string; path?: string } & ClientOptions = {},
): WebSocket {
  const { secret = server.secret, path = '/rpc', ...rest } = options
  const url = `${server.url.replace('http', 'ws')}${path}`
  return new WebSocket(url, secret === '' ? ['guardhouse'] : ['guardhouse', `secret.${secret}`], rest)
}

export async function opened(client: WebSocket): Promise<WebSocket> {
  await new Promise((resolve, reject) => {
    client.once('open', resolve)
    client.once('error', reject)
  })
  return client
}

export function closed(client: WebSocket): Promise<{ code: number; reason: string }> {
  return new Promise((resolve) => client.once('close', (code, reason) => resolve({ code, reason: reason.toString() })))
}

export function nextMessage(client: WebSocket): Promise<{ data: Buffer; isBinary: boolean }> {
  return new Promise((resolve) =>
    client.once('message', (data, isBinary) => resolve({ data: data as Buffer, isBinary })),
  )
}

/** Status with which an upgrade was refused. */
export function refused(client: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    client.once('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    client.on('error', () => client.terminate())
  })
}
