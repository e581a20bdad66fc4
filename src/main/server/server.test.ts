import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { maxMessageBytes } from '../../shared/contract/wire.ts'
import { type RunningServer, type ServerOptions, startServer } from './index.ts'

interface ConnectedPeer {
  readonly kind: string
  readonly name: string
  readonly readOnly: boolean
  /** The control thread's end. */
  readonly port: MessagePort
}

let directory: string
let peers: ConnectedPeer[]
const open: RunningServer[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'guardhouse-server-'))
  await mkdir(join(directory, 'window', 'assets'), { recursive: true })
  await writeFile(join(directory, 'window', 'index.html'), '<!doctype html><title>Guardhouse</title>')
  await writeFile(join(directory, 'window', 'assets', 'app-1a2b.js'), 'export {}')
  await writeFile(join(directory, 'window', 'empty.css'), '')
  await writeFile(join(directory, 'window', 'notes.secret'), 'of no known type')
  await writeFile(join(directory, 'outside.html'), 'outside')
  await symlink(join(directory, 'outside.html'), join(directory, 'window', 'link.html'))
  peers = []
})

afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
  for (const peer of peers) peer.port.close()
  await rm(directory, { recursive: true })
})

/** Stands in for the control thread: answers a text with the same text and `binary` with four bytes. */
function connectEcho(peer: Omit<ConnectedPeer, 'port'>): MessagePort {
  const { port1, port2 } = new MessageChannel()
  port1.on('message', (text: string) => {
    if (text === 'binary') port1.postMessage(new Uint8Array([1, 2, 3, 4]).buffer)
    else port1.postMessage(text)
  })
  peers.push({ ...peer, port: port1 })
  return port2
}

async function start(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({
    control: { connect: connectEcho },
    rendererDirectory: join(directory, 'window'),
    stateDirectory: join(directory, 'state'),
    readOnly: false,
    host: 'server',
    workspace: null,
    port: 0,
    ...options,
  })
  open.push(server)
  return server
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Plain HTTP with the path and the headers exactly as given; fetch would tidy both. */
function get(
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

function dial(server: RunningServer, options: { secret?: string; path?: string } & ClientOptions = {}): WebSocket {
  const { secret = server.secret, path = '/rpc', ...rest } = options
  const url = `${server.url.replace('http', 'ws')}${path}`
  return new WebSocket(url, ['guardhouse', `secret.${secret}`], rest)
}

async function opened(client: WebSocket): Promise<WebSocket> {
  await new Promise((resolve, reject) => {
    client.once('open', resolve)
    client.once('error', reject)
  })
  return client
}

function closed(client: WebSocket): Promise<{ code: number; reason: string }> {
  return new Promise((resolve) => client.once('close', (code, reason) => resolve({ code, reason: reason.toString() })))
}

function nextMessage(client: WebSocket): Promise<{ data: Buffer; isBinary: boolean }> {
  return new Promise((resolve) =>
    client.once('message', (data, isBinary) => resolve({ data: data as Buffer, isBinary })),
  )
}

/** Status with which an upgrade was refused. */
function refused(client: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    client.once('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    client.on('error', () => client.terminate())
  })
}

test('it serves the window with strict headers, the page never stored and hashed files for ever', async () => {
  const server = await start()
  const page = await get(server, '/')
  expect(page.status).toBe(200)
  expect(page.body).toContain('Guardhouse')
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
  expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
  const script = await get(server, '/assets/app-1a2b.js?x=1')
  expect(script.headers['cache-control']).toContain('immutable')
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
  expect((await get(server, '/empty.css')).body).toBe('')
  const head = await get(server, '/index.html', {}, 'HEAD')
  expect([head.status, head.body]).toEqual([200, ''])
})

test.each([
  '/../outside.html',
  '/%2e%2e/outside.html',
  '/..%2foutside.html',
  '/assets/../../outside.html',
  '/..%5coutside.html',
  '/link.html',
  '/%00',
  '/%zz',
  '/assets',
  '/notes.secret',
  '/nothing.html',
  '//etc/passwd',
  `/${'a'.repeat(5000)}.html`,
])('it serves nothing but the files of the window: %s', async (path) => {
  const server = await start()
  const answer = await get(server, path)
  expect(answer.status).toBe(404)
  expect(answer.body).not.toContain('outside')
})

test('it says so when the window is not built, and answers only GET and HEAD', async () => {
  const server = await start({ rendererDirectory: join(directory, 'nowhere') })
  const page = await get(server, '/')
  expect(page.status).toBe(503)
  expect(page.body).toContain('npm run build')
  expect((await get(server, '/', {}, 'POST')).status).toBe(405)
})

test('the health check tells no secret', async () => {
  const server = await start()
  const health = await get(server, '/healthz')
  expect(JSON.parse(health.body)).toEqual({ name: 'guardhouse', status: 'ok', host: 'server' })
})

test.each([['evil.example'], ['127.0.0.1:1'], ['localhost'], ['127.0.0.1.evil.example:80']])(
  'a rebound name in Host is refused: %s',
  async (host) => {
    const server = await start()
    for (const path of ['/', '/healthz']) expect((await get(server, path, { host })).status).toBe(403)
    expect(await refused(dial(server, { headers: { host } }))).toBe(403)
    expect(peers).toEqual([])
  },
)

test.each([['http://evil.example'], ['null'], ['https://127.0.0.1'], ['file://']])(
  'a forged Origin is refused even with the right secret: %s',
  async (origin) => {
    const server = await start()
    expect((await get(server, '/', { origin })).status).toBe(403)
    expect(await refused(dial(server, { origin }))).toBe(403)
    expect(peers).toEqual([])
  },
)

test('both of its own names and its own origin may connect', async () => {
  const server = await start()
  const { port } = new URL(server.url)
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
    expect((await get(server, '/', { host, origin: `http://${host}` })).status).toBe(200)
    const client = await opened(dial(server, { headers: { host }, origin: `http://${host}` }))
    expect(client.protocol).toBe('guardhouse')
    client.close()
  }
})

test.each([
  ['wrong', 'x'.repeat(43)],
  ['empty', ''],
])('a client with a %s secret is told so by close code 4401 and reaches nobody', async (_what, secret) => {
  const server = await start()
  const client =
    secret === '' ? new WebSocket(`${server.url.replace('http', 'ws')}/rpc`, ['guardhouse']) : dial(server, { secret })
  client.on('open', () => client.send('tokens.query'))
  expect(await closed(client)).toEqual({ code: 4401, reason: expect.stringContaining('wrong secret') })
  expect(peers).toEqual([])
  expect(server.clients).toBe(0)
})

test('many wrong secrets are refused without an upgrade, and the right one still gets in', async () => {
  const server = await start()
  const statuses: (number | 'accepted')[] = []
  for (let attempt = 0; attempt < 25; attempt++) {
    const client = dial(server, { secret: 'guess' })
    statuses.push(await Promise.race([refused(client), closed(client).then(() => 'accepted' as const)]))
  }
  expect(statuses.slice(0, 20).every((status) => status === 'accepted')).toBe(true)
  expect(statuses.slice(20)).toEqual([429, 429, 429, 429, 429])
  const client = await opened(dial(server))
  client.close()
})

test('frames cross both ways unread: text as text, an ArrayBuffer as binary', async () => {
  const server = await start({ readOnly: true })
  const client = await opened(dial(server, { path: '/rpc?client=command%20line' }))
  client.send('{ not even JSON')
  expect((await nextMessage(client)).data.toString()).toBe('{ not even JSON')
  client.send('binary')
  const { data, isBinary } = await nextMessage(client)
  expect(isBinary).toBe(true)
  expect([...data]).toEqual([1, 2, 3, 4])
  expect(peers[0]).toMatchObject({ kind: 'socket', name: 'command line', readOnly: true })
  expect(server.clients).toBe(1)
})

test.each([
  ['/rpc', 'program'],
  ['/rpc?client=%1b%5b31mred%00%e2%80%ae', '[31mred'],
  [`/rpc?client=${'n'.repeat(200)}`, 'n'.repeat(60)],
  ['/rpc?client=%0a', 'program'],
])('the name of a peer cannot harm a log: %s', async (path, name) => {
  const server = await start()
  await opened(dial(server, { path }))
  expect(peers[0]?.name).toBe(name)
})

test('the contract is spoken at /rpc only', async () => {
  const server = await start()
  expect(await refused(dial(server, { path: '/' }))).toBe(404)
  expect(await refused(dial(server, { path: '/rpc/x' }))).toBe(404)
})

test('a message beyond the limit ends the connection with 1009, a binary one with 1003, and others go on', async () => {
  const server = await start()
  const witness = await opened(dial(server))
  const large = await opened(dial(server))
  const gone = closed(large)
  large.on('error', () => large.terminate())
  large.send(Buffer.alloc(maxMessageBytes + 1, 0x61), { binary: false })
  expect((await gone).code).toBe(1009)
  const binary = await opened(dial(server))
  binary.send(Buffer.from([1]))
  expect((await closed(binary)).code).toBe(1003)
  witness.send('still here')
  expect((await nextMessage(witness)).data.toString()).toBe('still here')
})

test('bytes that are no WebSocket frame end that connection and nothing else', async () => {
  const server = await start()
  const witness = await opened(dial(server))
  const { port } = new URL(server.url)
  const raw = connectSocket(Number(port), '127.0.0.1')
  raw.write(
    [
      'GET /rpc HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      `Sec-WebSocket-Protocol: guardhouse, secret.${server.secret}`,
      '\r\n',
    ].join('\r\n'),
  )
  await new Promise((resolve) => raw.once('data', resolve))
  const ended = new Promise((resolve) => raw.once('close', resolve))
  raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff]))
  raw.resume()
  await ended
  witness.send('still here')
  expect((await nextMessage(witness)).data.toString()).toBe('still here')
})

test('what waits for a client that does not read is bounded, and all of it arrives once it reads again', async () => {
  const server = await start({ relayLimits: { bufferedBytes: 100_000, stallMs: 60_000 } })
  const client = await opened(dial(server))
  const port = peers[0]?.port
  client.pause()
  const received: string[] = []
  client.on('message', (data: Buffer) => received.push(data.toString('latin1', 0, 8)))
  const padding = 'x'.repeat(50_000)
  const total = 400
  for (let index = 0; index < total; index++) port?.postMessage(`${String(index).padStart(8)}${padding}`)
  // Requests of a paused client are not read: the echo of this one comes after everything else.
  client.send('        last')
  client.resume()
  await vi.waitFor(() => expect(received.length).toBe(total + 1), { timeout: 15_000 })
  expect(received.slice(0, total)).toEqual(Array.from({ length: total }, (_, index) => String(index).padStart(8)))
})

test('a client that never reads is disconnected, and its port with it', async () => {
  const server = await start({ relayLimits: { bufferedBytes: 100_000, stallMs: 50 } })
  const client = await opened(dial(server))
  const port = peers[0]?.port
  const portClosed = new Promise((resolve) => port?.once('close', resolve))
  client.pause()
  // More than the kernel's socket buffers take.
  for (let index = 0; index < 40; index++) port?.postMessage('x'.repeat(1_000_000))
  await portClosed
  const gone = closed(client)
  client.resume()
  expect(await gone).toEqual({ code: 4408, reason: 'the client does not read what it asked for' })
})

test('when the control thread ends its port, the client learns why', async () => {
  const server = await start()
  const client = await opened(dial(server))
  peers[0]?.port.close()
  expect(await closed(client)).toEqual({ code: 1011, reason: 'the control thread ended' })
})

test('when the client leaves, its port closes', async () => {
  const server = await start()
  const client = await opened(dial(server))
  const portClosed = new Promise((resolve) => peers[0]?.port.once('close', resolve))
  client.terminate()
  await portClosed
  await vi.waitFor(() => expect(server.clients).toBe(0))
})

test('closing tells every client, also one that does not listen, and frees the port', async () => {
  const server = await start()
  const client = await opened(dial(server))
  const deaf = await opened(dial(server))
  deaf.pause()
  const gone = closed(client)
  await Promise.all([server.close(), server.close()])
  expect(await gone).toEqual({ code: 1001, reason: 'the host stopped' })
  deaf.terminate()
  const again = await start({ port: Number(new URL(server.url).port) })
  expect(again.url).toBe(server.url)
  expect(again.secret).not.toBe(server.secret)
})

test('it publishes itself for its user alone, cleans up after hosts that died, and takes its file away', async () => {
  const hosts = join(directory, 'state', 'hosts')
  await mkdir(hosts, { recursive: true })
  const dead = '2147483646'
  await writeFile(join(hosts, `${dead}.json`), '{}')
  await writeFile(join(hosts, `.${dead}-00ff.draft`), '{')
  await writeFile(join(hosts, 'note.txt'), 'not ours')
  const server = await start({ workspace: '/somewhere' })
  expect(await readdir(hosts)).toEqual([`${process.pid}.json`, 'note.txt'])
  const path = join(hosts, `${process.pid}.json`)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    pid: process.pid,
    url: server.url,
    secret: server.secret,
    host: 'server',
    startedAt: expect.any(Number),
    workspace: '/somewhere',
  })
  await server.close()
  expect(existsSync(path)).toBe(false)
})

test('the secret has 256 bits and stands in the fragment only', async () => {
  const server = await start()
  expect(Buffer.from(server.secret, 'base64url')).toHaveLength(32)
  expect(server.openUrl).toBe(`${server.url}/#secret=${server.secret}`)
})

test.each([['0.0.0.0'], ['::'], ['192.168.1.5'], ['example.org'], ['']])(
  'it refuses to listen on anything but loopback: "%s"',
  async (address) => {
    await expect(start({ address })).rejects.toMatchObject({
      kind: 'bad-request',
      message: `Guardhouse listens on 127.0.0.1 only, not on "${address}"`,
    })
  },
)

test('an asked port that is taken is an error; the usual one makes way for any free one', async () => {
  const first = await start()
  const port = Number(new URL(first.url).port)
  await expect(start({ port })).rejects.toMatchObject({
    kind: 'conflict',
    message: `port ${port} is taken by another program`,
  })
  const usual = await start({ port: undefined })
  const other = await start({ port: undefined })
  expect(other.url).not.toBe(usual.url)
})

test('it can be reached on loopback only', async () => {
  const server = await start()
  const { port } = new URL(server.url)
  const failure = await new Promise<string>((resolve) => {
    const socket = connectSocket({ port: Number(port), host: '127.0.0.2' })
    socket.on('connect', () => resolve('connected'))
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.message))
  })
  expect(failure).toBe('ECONNREFUSED')
})
