import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Redis } from 'ioredis'

/** Whether this machine has a Redis server to start; tests that need one are skipped, by name, where it has not. */
export const hasRedisServer = (process.env.PATH ?? '')
  .split(delimiter)
  .some((folder) => existsSync(join(folder, 'redis-server')))

/** A Redis server of a test's own, on a unix socket, that can go away and come back with what it held. */
export class TestRedis implements AsyncDisposable {
  readonly url: string
  readonly #folder: string
  #process: ChildProcess | null = null

  private constructor(folder: string) {
    this.#folder = folder
    this.url = join(folder, 'redis.sock')
  }

  static async start(): Promise<TestRedis> {
    const server = new TestRedis(await mkdtemp(join(tmpdir(), 'guardhouse-redis-')))
    await server.comeBack()
    return server
  }

  async comeBack(): Promise<void> {
    const settings = [
      '--port',
      '0',
      '--unixsocket',
      this.url,
      '--dir',
      this.#folder,
      '--appendonly',
      'yes',
      '--save',
      '',
    ]
    this.#process = spawn('redis-server', settings, { stdio: 'ignore' })
    const probe = new Redis(this.url, { retryStrategy: () => 20, maxRetriesPerRequest: null })
    probe.on('error', () => undefined)
    await probe.ping()
    probe.disconnect()
  }

  /** Ends it at once; what it had answered is in its append-only file. */
  async goAway(): Promise<void> {
    const running = this.#process
    this.#process = null
    if (running === null) return
    const gone = new Promise((resolve) => running.once('exit', resolve))
    running.kill('SIGKILL')
    await gone
    await rm(this.url, { force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goAway()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
