import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface LinkSpeed {
  readonly bytesPerSecond: number
  /** One way, milliseconds. */
  readonly latencyMs: number
}

/** A line to a port of this machine that is slower than the machine. Disposing cuts it. */
export class SlowLink implements AsyncDisposable {
  readonly port: number
  readonly #server: ReturnType<typeof createServer>
  readonly #sockets = new Set<Socket>()

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server
    this.port = (server.address() as AddressInfo).port
  }

  static async open(target: number, speed: LinkSpeed): Promise<SlowLink> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const link = new SlowLink(server)
    server.on('connection', (near) => link.#carry(near, connect(target, '127.0.0.1'), speed))
    return link
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #carry(near: Socket, far: Socket, speed: LinkSpeed): void {
    for (const socket of [near, far]) {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      // One end is gone, so the other has nobody to speak to.
      socket.on('error', () => void [near.destroy(), far.destroy()])
    }
    void trickle(near, far, speed)
    void trickle(far, near, speed)
  }
}

async function trickle(from: Socket, to: Socket, { bytesPerSecond, latencyMs }: LinkSpeed): Promise<void> {
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      await delay(latencyMs + (chunk.length / bytesPerSecond) * 1000)
      if (to.writable) to.write(chunk)
    }
  } catch {
    // The connection broke off in the middle; what was under way is lost, as on any line.
  }
  to.end()
}
