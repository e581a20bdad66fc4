import type { MessagePort } from 'node:worker_threads'
import { ContractClient } from '../../shared/contract/client.ts'
import type { HostEvent } from '../../shared/contract/system.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { ControlHost } from '../control/control-host.ts'
import type { Peer } from '../control/control-protocol.ts'
import { PortTransport } from '../control/port-transport.ts'
import type { RunningServer } from '../server/index.ts'
import type { LaunchRequest } from './launch-request.ts'
import type { UnfinishedWork } from './quit.ts'
import { reportProblem } from './report-problem.ts'
import type { TrayFacts } from './tray.ts'

/** A control thread that has not answered in this time is not asked how much work it has. */
const answerMs = 2000

const shellPeer: Peer = { kind: 'window', name: 'desktop', readOnly: false }

export type ControlThread = Pick<ControlHost, 'connect' | 'shutdown' | 'onExit'>

export type LoopbackServer = Pick<RunningServer, 'beginStop' | 'close'>

export interface SchedulerHostParts {
  readonly startControl: () => Promise<ControlThread>
  /** Serves the same control thread to the command line. */
  readonly startServer: (control: ControlThread) => Promise<LoopbackServer>
  /** Windows may look and not change anything. */
  readonly readOnly: boolean
  /** Called when the control thread cannot start or dies. */
  readonly onLost: (cause: unknown) => void
}

interface RunningScheduler {
  readonly control: ControlThread
  /** The shell's own connection: it uses the same contract as every window. */
  readonly client: ContractClient
}

/**
 * The scheduler as the shell holds it: a control thread, and a loopback server so that the command line and other
 * programs reach it. It starts while the window opens; whoever needs it waits.
 */
export class SchedulerHost implements AsyncDisposable {
  readonly #parts: SchedulerHostParts
  readonly #running: Promise<RunningScheduler>
  readonly #server: Promise<LoopbackServer | null>
  #stopping: Promise<unknown> | null = null

  constructor(parts: SchedulerHostParts) {
    this.#parts = parts
    this.#running = this.#start()
    this.#running.catch(parts.onLost)
    this.#server = this.#running
      .then(({ control }) => parts.startServer(control))
      .catch((error: unknown) => {
        reportProblem('the command line cannot reach this application', error)
        return null
      })
  }

  /** A new connection for a page. Rejects when the control thread is gone. */
  async connectWindow(): Promise<MessagePort> {
    const { control } = await this.#running
    return control.connect({ kind: 'window', name: 'window', readOnly: this.#parts.readOnly })
  }

  /** Opens a folder, or the sample. A folder that is not trusted is only shown, unless the request trusts it. */
  async openWorkspace({ workspace, trust }: LaunchRequest): Promise<void> {
    const running = await this.#running.catch(() => null)
    // It never started, which onLost has told.
    if (running === null) return
    const { client } = running
    const opened =
      workspace === null
        ? await client.call('workspace.openSample', {})
        : await client.call('workspace.open', { path: workspace })
    if (trust && opened.state === 'untrusted' && opened.path !== null) {
      await client.call('workspace.trust', { path: opened.path })
    }
  }

  /** Tokens that have not ended. Rejects when the control thread does not answer in time. */
  async unfinishedWork(): Promise<UnfinishedWork> {
    const { client } = await inTime(this.#running)
    const { tokens_by_state: tokens } = (await inTime(client.call('system.stats', {}))).token_pool
    return { executing: tokens.EXECUTING, waiting: tokens.CREATED + tokens.WAITING + tokens.ADMITTED }
  }

  /** Counts for a glance. Rejects when the control thread does not answer in time. */
  async glance(): Promise<TrayFacts> {
    const { client } = await inTime(this.#running)
    const { token_pool: pool, totals } = await inTime(client.call('system.stats', {}))
    const { EXECUTING: executing, CREATED, WAITING, ADMITTED } = pool.tokens_by_state
    return { executing, waiting: CREATED + WAITING + ADMITTED, failed: totals.FAILED, paused: pool.paused }
  }

  /** Pauses or resumes admission, for the tray. */
  async setPaused(paused: boolean): Promise<void> {
    const { client } = await inTime(this.#running)
    const scope = { kind: 'all' } as const
    await client.call(paused ? 'commands.pause' : 'commands.resume', { scope, reason: 'from the tray' })
  }

  /** Calls `listener` with what the host tells as long as it lives. */
  async onEvent(listener: (event: HostEvent) => void): Promise<void> {
    const { client } = await this.#running
    await client.subscribe('events', {}, listener)
  }

  /**
   * Ends the control thread and everything below it. `abort` after `drain` kills what is left, so that the drain ends.
   * Resolves when the thread has ended.
   */
  async stop(mode: 'drain' | 'abort'): Promise<void> {
    const { control, client } = await this.#running
    if (this.#stopping === null) {
      this.#stopping = control.shutdown({ mode })
      const server = await this.#server
      server?.beginStop()
    } else if (mode === 'abort') await client.call('commands.kill', { scope: { kind: 'all' }, reason: 'quit' })
    await this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = await this.#server
    await server?.close()
  }

  async #start(): Promise<RunningScheduler> {
    const control = await this.#parts.startControl()
    control.onExit(this.#parts.onLost)
    return { control, client: new ContractClient(new PortTransport(control.connect(shellPeer))) }
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new GuardhouseError('timeout', `the control thread has not answered within ${answerMs} ms`)),
    answerMs,
  )
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
