import { setTimeout as delay } from 'node:timers/promises'
import type { RunningServer } from '../server/index.ts'
import { type AppWindow, openAppWindow, withoutAppWindow } from './app-window.ts'
import { defineCommand, type Surroundings } from './command.ts'
import { installElectron, runDesktop } from './desktop-app.ts'
import { hasDisplay } from './display.ts'
import { findElectron } from './electron-binary.ts'
import type { ExitCode } from './exit-code.ts'
import { type HostingSettings, hostingOptions, readHosting } from './hosting-options.ts'
import { serveUntilStopped } from './serve-until-stopped.ts'
import { ServedHost } from './served-host.ts'
import { StopSignals } from './stop-signals.ts'
import type { Terminal } from './terminal.ts'

export const openCommand = defineCommand({
  name: 'open',
  parameters: '[folder]',
  summary: 'Open the window: the desktop app, or the served app where Electron is not installed',
  details: [
    'Without a folder it opens the sample workspace. Where neither Electron nor Chromium, Chrome or Edge can show a',
    'window, it prints an address for any browser.',
  ],
  examples: ['guardhouse open', 'guardhouse open ~/operations --install-desktop'],
  positionals: { least: 0, most: 1 },
  options: {
    ...hostingOptions,
    served: { type: 'boolean', help: 'The served app even where the desktop shell is installed' },
    'install-desktop': { type: 'boolean', help: 'Fetch Electron first if it is missing (about 100 MB)' },
  },
  async run({ options, positionals: [folder] }, surroundings) {
    const settings = await readHosting(options, folder)
    if (options['install-desktop']) await installElectron(surroundings)
    const electron = options.served ? null : findElectron(surroundings)
    if (electron !== null && canShowDesktop(surroundings)) return await runDesktop(electron, settings)
    if (!options.served) surroundings.terminal.note(whyNoDesktop(electron))
    return await runServed(settings, options.json, surroundings)
  },
})

function whyNoDesktop(electron: string | null): string {
  const why =
    electron === null ? 'The desktop shell (Electron) is not installed' : 'There is no display for the desktop shell'
  return `${why} here; this is the served app instead.`
}

/** A stand-in that somebody put in Electron's place may need no display. */
function canShowDesktop({ environment }: Surroundings): boolean {
  return hasDisplay(environment) || Boolean(environment.ELECTRON_OVERRIDE_DIST_PATH)
}

async function runServed(hosting: HostingSettings, json: boolean, surroundings: Surroundings): Promise<ExitCode> {
  const { terminal } = surroundings
  using signals = new StopSignals()
  const settings = { ...hosting, port: undefined, address: undefined }
  await using host = await ServedHost.start(settings, surroundings)
  host.announce(terminal, json)
  void host.noteProblems(terminal)
  void host.openWorkspace(terminal)
  using window = openAppWindow(host.server.issueOpenUrl(), surroundings)
  if (window === null) {
    terminal.note(withoutAppWindow(surroundings))
    return await serveUntilStopped(host, signals, terminal)
  }
  return await serveUntilStopped(host, signals, terminal, windowClosed(window, host.server, terminal))
}

const lookEveryMs = 250
/** A page that reloads is gone for a moment. */
const unwatchedMs = 2000
/** A browser that runs already takes the page over, and the process that was started ends at once. */
const takeOverMs = 5_000

/** Settles when the window was closed; never when it did not open in the first place. */
async function windowClosed({ ended }: AppWindow, server: RunningServer, terminal: Terminal): Promise<string> {
  if (!(await becomesTrue(() => server.clientsSoFar > 0, ended, takeOverMs))) {
    terminal.note('The browser did not show the window: open the address above in any browser.')
    await new Promise(() => undefined)
  }
  await ended
  for (let unwatched = 0; unwatched < unwatchedMs; unwatched += lookEveryMs) {
    await delay(lookEveryMs)
    if (server.clients > 0) unwatched = 0
  }
  return 'The window was closed'
}

/** Waits for `condition`; gives up `graceMs` after `ended`. */
async function becomesTrue(condition: () => boolean, ended: Promise<void>, graceMs: number): Promise<boolean> {
  const givenUp = ended.then(() => delay(graceMs, 'given up' as const))
  while (!condition()) {
    if ((await Promise.race([givenUp, delay(lookEveryMs, 'look' as const)])) === 'given up') return condition()
  }
  return true
}
