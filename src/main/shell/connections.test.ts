import { EventEmitter, once } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { MessageChannelMain, WebContents } from 'electron'
import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../shared/assert.ts'
import { shellChannels } from '../../shared/window-bridge.ts'
import { Connections } from './connections.ts'

/** Electron's port, made from Node's: the event carries the message in `data`, and ports must be started. */
class FakePortMain extends EventEmitter {
  readonly #port: MessagePort

  constructor(port: MessagePort) {
    super()
    this.#port = port
    port.on('close', () => this.emit('close'))
  }

  start(): void {
    this.#port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }))
  }

  postMessage(message: unknown): void {
    this.#port.postMessage(message)
  }

  close(): void {
    this.#port.close()
  }
}

class FakeContents extends EventEmitter {
  readonly received: FakePortMain[] = []

  postMessage(channel: string, _message: unknown, ports: FakePortMain[]): void {
    expect(channel).toBe(shellChannels.port)
    this.received.push(...ports)
  }
}

function createChannel(): MessageChannelMain {
  const { port1, port2 } = new MessageChannel()
  return { port1: new FakePortMain(port1), port2: new FakePortMain(port2) } as unknown as MessageChannelMain
}

function shell() {
  const hostEnds: MessagePort[] = []
  const connections = new Connections({
    createChannel,
    connectToHost: async () => {
      const { port1, port2 } = new MessageChannel()
      hostEnds.push(port1)
      return port2
    },
  })
  const contents = new FakeContents()
  return {
    connections,
    contents,
    hostEnds,
    async connect() {
      await connections.connect(contents as unknown as WebContents)
      return {
        page: assertDefined(contents.received.at(-1), 'connect posts a port'),
        host: assertDefined(hostEnds.at(-1), 'connect asks the host'),
      }
    },
  }
}

describe('connections of a window', () => {
  it('carry objects and bytes both ways, in order', async () => {
    const { connect, connections } = shell()
    const { page, host } = await connect()
    page.start()

    const atHost: unknown[] = []
    host.on('message', (message) => atHost.push(message))
    page.postMessage({ jsonrpc: '2.0', id: 1, method: 'system.info', params: {} })
    page.postMessage(new Uint8Array([1, 2, 3]).buffer)
    await expect.poll(() => atHost.length).toBe(2)
    expect(atHost[0]).toEqual({ jsonrpc: '2.0', id: 1, method: 'system.info', params: {} })
    expect(new Uint8Array(atHost[1] as ArrayBuffer)).toEqual(new Uint8Array([1, 2, 3]))

    const answered = once(page, 'message')
    host.postMessage(new Float64Array([0.5]).buffer)
    const [event] = (await answered) as [{ data: ArrayBuffer }]
    expect(new Float64Array(event.data)).toEqual(new Float64Array([0.5]))
    connections[Symbol.dispose]()
  })

  it('close at the host when the page closes, and at the page when the host closes', async () => {
    const { connect } = shell()
    const first = await connect()
    const hostClosed = once(first.host, 'close')
    first.page.close()
    await hostClosed

    const second = await connect()
    const pageClosed = once(second.page, 'close')
    second.host.close()
    await pageClosed
  })

  it.each([
    ['a reload', 'did-start-navigation', { isMainFrame: true, isSameDocument: false }],
    ['a crash', 'render-process-gone', {}],
    ['the end of the window', 'destroyed', {}],
  ])('close with %s', async (_why, event, details) => {
    const { connect, contents } = shell()
    const { host } = await connect()
    const closed = once(host, 'close')
    contents.emit(event, details)
    await closed
    expect(contents.eventNames()).toEqual([])
  })

  it('outlive a navigation inside the document and one of a frame', async () => {
    const { connect, contents, connections } = shell()
    const { page, host } = await connect()
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true })
    contents.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false })
    const arrived = once(host, 'message')
    page.postMessage('still here')
    expect(await arrived).toEqual(['still here'])
    connections[Symbol.dispose]()
  })

  it('are not given to the document that follows the one that asked', async () => {
    const { connections, contents, hostEnds } = shell()
    const asked = connections.connect(contents as unknown as WebContents)
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })
    await expect(asked).rejects.toMatchObject({ kind: 'disconnected' })
    expect(contents.received).toEqual([])
    await once(assertDefined(hostEnds[0], 'the host was asked'), 'close')
  })

  it('are bounded per window, and a closed one makes room', async () => {
    const { connect, connections, contents } = shell()
    const asked = Array.from({ length: 9 }, () => connections.connect(contents as unknown as WebContents))
    const outcomes = await Promise.allSettled(asked)
    expect(outcomes.map((outcome) => outcome.status)).toEqual([...Array<string>(8).fill('fulfilled'), 'rejected'])
    const page = assertDefined(contents.received[0], 'eight were opened')
    const closed = once(page, 'close')
    page.close()
    await closed
    await expect
      .poll(() =>
        connect().then(
          () => 'connected',
          () => 'refused',
        ),
      )
      .toBe('connected')
    connections[Symbol.dispose]()
  })
})
