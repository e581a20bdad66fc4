import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from '@playwright/test'
import { z } from 'zod'
import { assertDefined } from '../../src/shared/assert.ts'

const projectRoot = path.join(import.meta.dirname, '../..')
const commandLine = path.join(projectRoot, 'out/main/cli.js')

/** What `guardhouse serve --json` prints. */
const announcement = z.strictObject({
  pid: z.number(),
  url: z.string(),
  openUrl: z.string(),
  secret: z.string(),
  workspace: z.string().nullable(),
  readOnly: z.boolean(),
})
export type Announcement = z.infer<typeof announcement>

export interface EndedCommand {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
  readonly errors: string
}

/** The built command line in a process of its own, without a terminal. */
export class CommandProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<EndedCommand>
  #output = ''
  #errors = ''

  constructor(stateDirectory: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [commandLine, ...words], {
      env: { ...process.env, GUARDHOUSE_STATE_DIR: stateDirectory, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text
    })
    this.#ended = this.#end()
  }

  get pid(): number {
    return assertDefined(this.#child.pid, 'the command line was started')
  }

  get output(): string {
    return this.#output
  }

  get errors(): string {
    return this.#errors
  }

  get ended(): Promise<EndedCommand> {
    return this.#ended
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Reads one line and then stops reading, as `head -n 1` does. */
  async readOneLine(): Promise<string> {
    const output = assertDefined(this.#child.stdout, 'the output is a pipe')
    for await (const line of createInterface({ input: output })) {
      output.destroy()
      return line
    }
    return ''
  }

  async #end(): Promise<EndedCommand> {
    const [code, signal] = (await once(this.#child, 'close')) as [number | null, NodeJS.Signals | null]
    return { code, signal, output: this.#output, errors: this.#errors }
  }
}

/** `guardhouse serve`, ready to be visited. Disposing ends it. */
export class ServedProcess implements AsyncDisposable {
  readonly process: CommandProcess
  readonly address: Announcement

  private constructor(process: CommandProcess, address: Announcement) {
    this.process = process
    this.address = address
  }

  /** Starts a host on any free port, or on the one that `words` name. */
  static async start(
    stateDirectory: string,
    words: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ServedProcess> {
    const port = words.includes('--port') ? [] : ['--port', '0']
    const child = new CommandProcess(stateDirectory, ['serve', '--json', ...port, ...words], environment)
    const ended = child.ended.then(({ errors }) => expect(errors, 'the host did not start').toBe(''))
    await Promise.race([
      expect.poll(() => child.output, { message: 'the host says where it is' }).toMatch(/\}\n$/),
      ended,
    ])
    return new ServedProcess(child, announcement.parse(JSON.parse(child.output)))
  }

  /** Port that it listens on. */
  get port(): string {
    return new URL(this.address.url).port
  }

  /** As Ctrl-C does. */
  async stop(): Promise<EndedCommand> {
    this.process.kill('SIGINT')
    return await this.process.ended
  }

  /** As a power cut does. */
  async cutOff(): Promise<void> {
    this.process.kill('SIGKILL')
    await this.process.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A second signal does not wait for anything.
    this.process.kill('SIGTERM')
    this.process.kill('SIGTERM')
    await this.process.ended
  }
}
