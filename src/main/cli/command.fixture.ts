import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { HostBench } from '../control/host.fixture.ts'
import type { HostParts } from '../control/host.ts'
import type { RunnableOperation } from '../engine/scheduler/scheduler-types.ts'
import { type RunningServer, type ServerOptions, startServer } from '../server/index.ts'
import type { Command } from './command.ts'
import { runCommandLine } from './command-line.ts'
import type { ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

/** For tests: the command line against a host with a made-up engine, over real sockets. */

export interface CommandRun {
  readonly code: ExitCode
  readonly output: string
  readonly errors: string
}

/** A terminal that records, and answers questions as it is told. */
export class RecordedTerminal implements Terminal {
  width: number | null = null
  interactive = false
  answer = false
  output = ''
  errors = ''
  readonly asked: string[] = []

  print(text: string): void {
    this.output += `${text}\n`
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value))
  }

  note(text: string): void {
    this.errors += `${text}\n`
  }

  style(_style: unknown, text: string): string {
    return text
  }

  async confirm(question: string): Promise<boolean> {
    this.asked.push(question)
    return this.interactive && this.answer
  }
}

/** Runs one command line with nothing around it but `environment`. */
export async function runCommand(
  commands: readonly Command[],
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  terminal = new RecordedTerminal(),
): Promise<CommandRun> {
  const code = await runCommandLine(words, commands, '1.2.3', { terminal, environment })
  return { code, output: stripVTControlCharacters(terminal.output), errors: terminal.errors }
}

export class CommandBench implements AsyncDisposable {
  readonly bench: HostBench
  readonly stateDirectory: string
  readonly environment: { readonly GUARDHOUSE_STATE_DIR: string }
  terminal = new RecordedTerminal()
  readonly #commands: readonly Command[]
  readonly #servers: RunningServer[] = []

  constructor(commands: readonly Command[], parts: Partial<HostParts> = {}) {
    this.#commands = commands
    this.bench = new HostBench(parts)
    this.stateDirectory = join(this.bench.folder(), 'state')
    this.environment = { GUARDHOUSE_STATE_DIR: this.stateDirectory }
  }

  async serve(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
    const server = await startServer({
      control: { connect: (peer) => this.bench.port(peer) },
      rendererDirectory: this.stateDirectory,
      stateDirectory: this.stateDirectory,
      readOnly: false,
      host: 'server',
      workspace: null,
      port: 0,
      ...options,
    })
    this.#servers.push(server)
    return server
  }

  /** Makes operations that the host will accept tokens for; they run nothing. */
  declare(...operationTypes: string[]): void {
    const runnable = operationTypes.map(
      (operationType): RunnableOperation => ({ operationType, tags: {}, moduleUrl: 'file:///made-up.ops.ts' }),
    )
    this.bench.scheduler.setOperations(runnable)
  }

  /** Runs one command line in a fresh terminal. */
  async run(...words: string[]): Promise<CommandRun> {
    return await runCommand(this.#commands, words, this.environment, this.terminal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) await server.close()
    await this.bench[Symbol.asyncDispose]()
  }
}
