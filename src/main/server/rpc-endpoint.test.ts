import { connect as connectSocket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { maxMessageBytes } from '../../shared/contract/wire.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { closed, dial, nextMessage, opened, refused, ServerFixture } from './server.fixture.ts'

let fixture: ServerFixture

beforeEach(async () => {
  fixture = await ServerFixture.create()
})

afterEach(async () => {
  await fixture[Symbol.asyncDispose]()
})

test('frames cross both ways unread: text as text, an ArrayBuffer as binary', async () => {
  const server = await fixture.start({ readOnly: true })
  const client = await opened(dial(server, { path: '/rpc?client=command%20line' }))
  client.send('{ not even JSON')
  expect((await nextMessage(client)).data.toString()).toBe('{ not even JSON')
  client.send('binary')
  const { data, isBinary } = await nextMessage(client)
  expect(isBinary).toBe(true)
  expect([...data]).toEqual([1, 2, 3, 4])
  expect(fixture.peers[0]).toMatchObject({ kind: 'socket', name: 'command line', readOnly: true })
  expect(server.clients).toBe(1)
})

test.each([
  ['/rpc', 'program'],
  ['/rpc?client=%1b%5b31mred%00%e2%80%ae', '[31mred'],
  [`/rpc?client=${'n'.repeat(200)}`, 'n'.repeat(60)],
  ['/rpc?client=%0a', 'program'],
])('the name of a peer cannot harm a log: %s', async (path, name) => {
  const server = await fixture.start()
  await opened(dial(server, { path }))
  expect(fixture.peers[0]?.name).toBe(name)
})

test('a program is told from a person, whose submissions belong into the audit log', async () => {
  const server = await fixture.start()
  await opened(dial(server))
  await opened(dial(server, { path: '/rpc?client=program%20python' }))
  await opened(dial(server, { path: '/rpc?client=programmer' }))
  await opened(dial(server, { origin: server.url }))
  expect(fixture.peers.map(({ kind, name }) => `${kind}: ${name}`)).toEqual([
    'program: program',
    'program: program python',
    'socket: programmer',
    'socket: browser',
  ])
})

test('the contract is spoken at /rpc only', async () => {
  const server = await fixture.start()
  expect(await refused(dial(server, { path: '/' }))).toBe(404)
  expect(await refused(dial(server, { path: '/rpc/x' }))).toBe(404)
})

test('a message beyond the limit ends the connection with 1009, a binary one with 1003, and others go on', async () => {
  const server = await fixture.start()
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
  const server = await fixture.start()
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
  const server = await fixture.start({ relayLimits: { bufferedBytes: 100_000, stallMs: 60_000 } })
  const client = await opened(dial(server))
  const port = fixture.peers[0]?.port
  client.pause()
  const received: string[] = []
  client.on('message', (data: Buffer) => received.push(data.toString('latin1', 0, 8)))
  const padding = 'x'.repeat(50_000)
  const total = 400
  for (let index = 0; index < total; index++) port?.postMessage(`${String(index).padStart(8)}${padding}`)
  // Requests of a paused client are not read: the echo of this one comes after everything else.
  client.send('        last')
  client.resume()
  await expect.poll(() => received.length).toBe(total + 1)
  expect(received.slice(0, total)).toEqual(Array.from({ length: total }, (_, index) => String(index).padStart(8)))
})

test('a client that never reads is disconnected, and its port with it', async () => {
  const server = await fixture.start({ relayLimits: { bufferedBytes: 100_000, stallMs: 50 } })
  const client = await opened(dial(server))
  const port = fixture.peers[0]?.port
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
  const server = await fixture.start()
  const client = await opened(dial(server))
  fixture.peers[0]?.port.close()
  expect(await closed(client)).toEqual({ code: 1011, reason: 'the control thread ended' })
})

test('when the host is about to stop, nobody new gets in and the end of a port means the stop', async () => {
  const server = await fixture.start()
  const client = await opened(dial(server))
  server.beginStop()
  expect(await refused(dial(server))).toBe(503)
  fixture.peers[0]?.port.close()
  expect(await closed(client)).toEqual({ code: 1001, reason: 'the host stopped' })
})

test('a client that comes after the control thread died learns why it cannot stay', async () => {
  const control = {
    connect() {
      throw new GuardhouseError('internal', 'the control thread died')
    },
  }
  const server = await fixture.start({ control })
  expect(await closed(dial(server))).toEqual({ code: 1011, reason: 'the control thread ended' })
})

test('when the client leaves, its port closes', async () => {
  const server = await fixture.start()
  const client = await opened(dial(server))
  const portClosed = new Promise((resolve) => fixture.peers[0]?.port.once('close', resolve))
  client.terminate()
  await portClosed
  await expect.poll(() => server.clients).toBe(0)
})

test('closing tells every client, also one that does not listen, and frees the port', async () => {
  const server = await fixture.start()
  const client = await opened(dial(server))
  const deaf = await opened(dial(server))
  deaf.pause()
  const gone = closed(client)
  await Promise.all([server.close(), server.close()])
  expect(await gone).toEqual({ code: 1001, reason: 'the host stopped' })
  deaf.terminate()
  const again = await fixture.start({ port: Number(new URL(server.url).port) })
  expect(again.url).toBe(server.url)
  expect(again.secret).not.toBe(server.secret)
})
