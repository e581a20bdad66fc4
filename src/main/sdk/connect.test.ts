import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { contractVersion } from '../../shared/contract/index.ts'
import { runningHosts } from './discovery.ts'
import { connect, disconnect, taskTokenGuard } from './index.ts'
import { webSocketAddress } from './web-socket-transport.ts'

type Answer = (params: Record<string, unknown>) => unknown

const secret = 's3cret'

/** A host in one file: answers procedures from a table and checks the secret as the real one does. */
class FakeHost {
  readonly calls: { method: string; params: Record<string, unknown> }[] = []
  readonly answers: Record<string, Answer> = { 'system.info': () => ({ contract: contractVersion }) }
  readonly #server: WebSocketServer

  constructor(server: WebSocketServer) {
    this.#server = server
    server.on('connection', (socket, request) => {
      const offered = String(request.headers['sec-websocket-protocol'])
      if (!offered.split(/, ?/).includes(`secret.${secret}`)) socket.close(4401, 'wrong secret')
      else socket.on('message', (data) => this.#answer(socket, JSON.parse(String(data))))
    })
  }

  static async listen(): Promise<FakeHost> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      path: '/rpc',
      handleProtocols: () => 'guardhouse',
    })
    await new Promise((resolve) => server.once('listening', resolve))
    return new FakeHost(server)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  breakConnections(): void {
    for (const socket of this.#server.clients) socket.terminate()
  }

  async close(): Promise<void> {
    this.breakConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer(
    socket: WebSocket,
    { id, method, params }: { id: number; method: string; params: Record<string, unknown> },
  ): void {
    this.calls.push({ method, params })
    const answer = this.answers[method]
    if (answer === undefined) return
    try {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: answer(params) }))
    } catch (data) {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32000, message: 'refused', data } }))
    }
  }
}

let host: FakeHost
let state: string

beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'guardhouse-state-'))
  process.env.GUARDHOUSE_STATE_DIR = state
  host = await FakeHost.listen()
})

afterEach(async () => {
  await disconnect()
  await host.close()
  delete process.env.GUARDHOUSE_STATE_DIR
  rmSync(state, { recursive: true })
})

function announce(name: string, text: object | string): void {
  mkdirSync(join(state, 'hosts'), { recursive: true })
  writeFileSync(join(state, 'hosts', name), typeof text === 'string' ? text : JSON.stringify(text))
}

function announcement(overrides: object = {}) {
  const base = { pid: process.pid, url: host.url, secret, host: 'server', startedAt: 5, workspace: null }
  return { ...base, ...overrides }
}

const add = taskTokenGuard({ operationType: 'math.add' })((left: number, right: bigint) => BigInt(left) + right)

describe('finding a host', () => {
  test('takes the newest whose process lives and passes over what is no announcement', () => {
    announce('1.json', announcement({ startedAt: 1, url: 'http://127.0.0.1:1' }))
    announce('2.json', announcement({ startedAt: 9, url: 'http://127.0.0.1:2' }))
    // No process can have this number: it is above the largest that Linux gives out.
    announce('3.json', announcement({ startedAt: 20, pid: 2 ** 31 - 1 }))
    announce('4.json', '{ half a fi')
    announce('5.json', { pid: 'x' })
    announce('6.txt', announcement({ startedAt: 30 }))
    expect(runningHosts().map((found) => found.url)).toEqual(['http://127.0.0.1:2', 'http://127.0.0.1:1'])
  })

  test('finds none where nothing was ever announced', () => {
    expect(runningHosts()).toEqual([])
  })

  test.each([
    ['http://127.0.0.1:80/x#y', 'ws://127.0.0.1/rpc'],
    ['ws://localhost:4177', 'ws://localhost:4177/rpc'],
    ['https://[::1]:4177', 'wss://[::1]:4177/rpc'],
  ])('turns %s into %s', (url, expected) => {
    expect(webSocketAddress(url).href).toBe(expected)
  })
})

describe('connect', () => {
  test('without anything running says how to start one', async () => {
    const refusal = {
      kind: 'no-coordinator',
      message: expect.stringContaining(state),
      hint: expect.stringContaining('serve'),
    }
    await expect(connect()).rejects.toMatchObject(refusal)
  })

  test.each(['not a url', 'ftp://127.0.0.1', ''])('refuses %j as an address', async (url) => {
    await expect(connect({ url, secret })).rejects.toMatchObject({ kind: 'bad-request' })
  })

  test('says that nothing listens at the address', async () => {
    const { url } = host
    await host.close()
    const refusal = { kind: 'disconnected', message: expect.stringContaining('nothing listens there') }
    await expect(connect({ url, secret })).rejects.toMatchObject(refusal)
    host = await FakeHost.listen()
  })

  test('says that the secret is wrong', async () => {
    const refusal = { kind: 'not-allowed', message: expect.stringContaining('refused the secret') }
    await expect(connect({ url: host.url, secret: 'wrong' })).rejects.toMatchObject(refusal)
    await expect(connect({ url: host.url, secret: 'not a token!' })).rejects.toMatchObject({ kind: 'bad-request' })
    expect(() => add(1, 2n)).toThrow(/no Guardhouse is connected/)
  })

  test('asks for the secret of a host that does not announce itself', async () => {
    await expect(connect({ url: host.url })).rejects.toMatchObject({
      message: expect.stringContaining('secret is missing'),
    })
    announce('1.json', announcement())
    expect((await connect({ url: host.url })).url).toBe(host.url)
  })

  test('refuses a host of another contract version', async () => {
    host.answers['system.info'] = () => ({ contract: contractVersion + 1 })
    await expect(connect({ url: host.url, secret })).rejects.toMatchObject({ kind: 'unsupported' })
  })

  test('refuses a second coordinator', async () => {
    const first = await connect({ url: host.url, secret })
    await expect(connect({ url: host.url, secret })).rejects.toMatchObject({ kind: 'conflict' })
    expect(first.client.closed).toBeNull()
  })
})

describe('a guarded call over a connection', () => {
  beforeEach(async () => {
    announce('1.json', announcement())
    host.answers['tokens.submit'] = () => ({ id: 'math.add-1' })
    await connect()
  })

  test('submits there and decodes the result', async () => {
    host.answers['tokens.outcome'] = () => ({
      id: 'math.add-1',
      state: 'COMPLETED',
      value: { $type: 'bigint', value: '3' },
    })
    const token = add.withOptions({ timeout: 50 })(1, 2n)
    expect(await token.accepted).toBe('math.add-1')
    expect(await token).toBe(3n)
    expect(host.calls.slice(1)).toEqual([
      {
        method: 'tokens.submit',
        params: { operation: 'math.add', arguments: [1, { $type: 'bigint', value: '2' }], timeout: 50 },
      },
      { method: 'tokens.outcome', params: { id: 'math.add-1' } },
    ])
  })

  test('rejects with the error of the operation', async () => {
    const error = { kind: 'operation-failed', message: 'too large', name: 'RangeError' }
    host.answers['tokens.outcome'] = () => ({ id: 'math.add-1', state: 'FAILED', error })
    await expect(add(1, 2n)).rejects.toMatchObject(error)
  })

  test('rejects when the host does not take it', async () => {
    host.answers['tokens.submit'] = () => {
      throw { kind: 'not-found', message: 'there is no operation math.add' }
    }
    const token = add(1, 2n)
    await expect(token.accepted).rejects.toMatchObject({ kind: 'not-found' })
    await expect(token).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('names the argument that cannot leave the program', async () => {
    await expect(add(1, (() => 2) as never)).rejects.toMatchObject({
      kind: 'not-cloneable',
      message: expect.stringContaining('argument 2 is a function'),
    })
  })

  test('kills and reads the status there', async () => {
    host.answers['commands.kill'] = () => ({ affected: 1, alreadyEnded: 0, untouched: 0, auditId: 1 })
    host.answers['tokens.get'] = () => ({
      id: 'math.add-1',
      state: 'EXECUTING',
      operation: 'math.add',
      createdAt: 1_000,
      now: 6_000,
      waited: 2_000,
      ran: 3_000,
      core: 2,
    })
    const token = add(1, 2n)
    expect(await token.kill('enough')).toBe(true)
    expect(host.calls.at(-1)?.params).toEqual({ scope: { kind: 'tokens', ids: ['math.add-1'] }, reason: 'enough' })
    expect(await token.status()).toEqual({
      id: 'math.add-1',
      state: 'EXECUTING',
      operationType: 'math.add',
      age: 5,
      waited: 2,
      ran: 3,
      core: 2,
    })
  })

  test('rejects as disconnected when the connection breaks, and for calls after that', async () => {
    const token = add(1, 2n)
    await token.accepted
    host.breakConnections()
    await expect(token).rejects.toMatchObject({ kind: 'disconnected' })
    await expect(add(1, 2n)).rejects.toMatchObject({ kind: 'disconnected' })
    await disconnect()
    expect(() => add(1, 2n)).toThrow(/no Guardhouse is connected/)
  })

  test('ends with the block that made the connection', async () => {
    await disconnect()
    {
      await using connection = await connect()
      expect(connection.client.closed).toBeNull()
    }
    expect(() => add(1, 2n)).toThrow(/no Guardhouse is connected/)
  })
})
