import { ContractClient } from '../../shared/contract/client.ts'
import type { WorkspaceInfo } from '../../shared/contract/operations.ts'
import type { GuardhouseError } from '../../shared/errors.ts'
import { type ControlHost, startControl } from '../control/control-host.ts'
import { PortTransport } from '../control/port-transport.ts'
import type { StopOptions } from '../engine/scheduler/scheduler-types.ts'
import { stateDirectory } from '../sdk/state-directory.ts'
import { type RunningServer, startServer } from '../server/index.ts'
import type { Surroundings } from './command.ts'
import type { HostingSettings } from './hosting-options.ts'
import { noteModuleProblems } from './module-problems.ts'
import { rendererDirectory } from './package-layout.ts'
import { printError } from './print-error.ts'
import { printableText } from './printable-text.ts'
import type { Terminal } from './terminal.ts'

/** How long tokens may go on after the first Ctrl-C. */
export const drainMs = 5000

export interface ServedHostSettings extends HostingSettings {
  readonly port: number | undefined
  readonly address: string | undefined
}

/** A control thread and the server before it: what `serve` and, without a desktop, `open` run. */
export class ServedHost implements AsyncDisposable {
  readonly server: RunningServer
  /** Settles with the cause when the control thread dies. */
  readonly died: Promise<GuardhouseError>
  readonly #control: ControlHost
  readonly #settings: ServedHostSettings
  #stopping: Promise<void> | null = null

  private constructor(
    control: ControlHost,
    died: Promise<GuardhouseError>,
    server: RunningServer,
    settings: ServedHostSettings,
  ) {
    this.#control = control
    this.died = died
    this.server = server
    this.#settings = settings
  }

  static async start(settings: ServedHostSettings, { environment }: Surroundings): Promise<ServedHost> {
    const state = stateDirectory({ environment })
    const control = await startControl({
      options: {},
      host: 'server',
      // Only for those who come through the server; the workspace must still be opened.
      readOnly: false,
      workspace: null,
      journal: settings.journal,
      stateDirectory: state,
    })
    const died = new Promise<GuardhouseError>((resolve) => control.onExit(resolve))
    try {
      const server = await startServer({
        control,
        rendererDirectory: rendererDirectory(),
        stateDirectory: state,
        host: 'server',
        scrapeToken: environment.GUARDHOUSE_SCRAPE_TOKEN,
        ...settings,
      })
      return new ServedHost(control, died, server, settings)
    } catch (error) {
      await control.shutdown({ mode: 'abort' })
      throw error
    }
  }

  /** Says where it is: as one line of JSON, since the program goes on, or as text for people. */
  announce(terminal: Terminal, json: boolean): void {
    const { url, openUrl, secret } = this.server
    const { workspace, readOnly } = this.#settings
    if (json) {
      terminal.print(JSON.stringify({ pid: process.pid, url, openUrl, secret, workspace, readOnly }))
      return
    }
    terminal.print(`Guardhouse serves ${workspace ?? 'the sample workspace'}${readOnly ? ', read-only' : ''}`)
    terminal.print(`  open  ${openUrl}`)
    terminal.print('  stop  Ctrl-C')
  }

  /** Notes what goes wrong later, too: where nobody has a window open, the terminal is all there is. */
  async noteProblems(terminal: Terminal): Promise<void> {
    const port = this.#control.connect({ kind: 'window', name: 'command line', readOnly: true })
    const client = new ContractClient(new PortTransport(port))
    const heard = client.subscribe('events', {}, (event) => {
      if (event.kind === 'notice') terminal.note(printableText(event.text))
    })
    // It fails only with the control thread, whose death is told by `died`.
    await heard.catch(() => undefined)
  }

  /** Opens the workspace and notes whatever a person must know of it. What goes wrong ends nothing: the window shows it too. */
  async openWorkspace(terminal: Terminal): Promise<void> {
    const { workspace, trust } = this.#settings
    const port = this.#control.connect({ kind: 'window', name: 'command line', readOnly: false })
    const client = new ContractClient(new PortTransport(port))
    try {
      let info =
        workspace === null
          ? await client.call('workspace.openSample', {})
          : await client.call('workspace.open', { path: workspace })
      if (info.state === 'untrusted' && trust) {
        info = await client.call('workspace.trust', { path: info.path ?? '' })
      }
      noteWorkspace(info, terminal)
    } catch (error) {
      printError(error, terminal, false)
    } finally {
      client.close()
    }
  }

  /** Settles every token, tells every client of the end, and frees the port. Only the first call counts. */
  stop(mode: 'drain' | 'abort'): Promise<void> {
    this.#stopping ??= this.#stop(mode === 'drain' ? { mode, deadlineMs: drainMs } : { mode })
    return this.#stopping
  }

  /** Whoever asked for a stop before hears why it failed; told once more here, one error would become two. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopping === null) return this.stop('abort')
    await this.#stopping.catch(() => undefined)
  }

  async #stop(options: StopOptions): Promise<void> {
    this.server.beginStop()
    try {
      // A control thread that died has nothing left to settle.
      await Promise.race([this.died, this.#control.shutdown(options)])
    } finally {
      await this.server.close()
    }
  }
}

function noteWorkspace({ state, path, modules }: WorkspaceInfo, terminal: Terminal): void {
  if (state === 'untrusted') {
    terminal.note(
      printableText(
        `${path} is not trusted yet, so nothing of it is read: answer in the window, or start with --trust`,
      ),
    )
  }
  noteModuleProblems(modules, terminal)
}
