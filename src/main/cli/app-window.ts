import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { stateDirectory } from '../sdk/state-directory.ts'
import type { Surroundings } from './command.ts'
import { hasDisplay, sandboxFlags } from './display.ts'
import { findBrowser } from './installed-browser.ts'

/** A browser that shows one page as a window without tabs and address bar. */
export interface AppWindow extends Disposable {
  /** Settles when the browser's process ends. */
  readonly ended: Promise<void>
}

/**
 * Opens `url` in an installed browser as a window of its own, with a profile that shares nothing with the person's.
 * Null when there is no such browser or no display. Disposing closes the window.
 */
export function openAppWindow(url: string, { environment }: Surroundings): AppWindow | null {
  const browser = hasDisplay(environment) ? findBrowser({ environment }) : null
  if (browser === null) return null
  const profile = join(stateDirectory({ environment }), 'browser-profile')
  const child = spawn(
    browser,
    [
      `--app=${url}`,
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-sync',
      '--disable-background-networking',
      // With the second one no bar tells the person about the first.
      ...sandboxFlags().flatMap((flag) => [flag, '--test-type']),
    ],
    // A group of its own, or Ctrl-C in the terminal would close the window while tokens still finish.
    { stdio: 'ignore', detached: true },
  )
  // The window may stay when the host ends.
  child.unref()
  return {
    ended: whenEnded(child),
    [Symbol.dispose]: () => void child.kill(),
  }
}

/** Why `openAppWindow` opened none, and what a person does instead. */
export function withoutAppWindow({ environment }: Surroundings): string {
  const why = hasDisplay(environment) ? 'No Chromium, Chrome or Edge is installed' : 'There is no display'
  return `${why} here: open the address above in any browser.`
}

/** Opens `url` as a window of its own, else in the browser of the desktop. When neither works the printed address remains. */
export function openAddress(url: string, surroundings: Surroundings): void {
  if (!hasDisplay(surroundings.environment)) {
    surroundings.terminal.note(withoutAppWindow(surroundings))
    return
  }
  if (openAppWindow(url, surroundings) !== null) return
  const [program, words] = desktopOpener(url)
  const child = spawn(program, words, { stdio: 'ignore', detached: true })
  child.once('error', () => surroundings.terminal.note('No browser could be started: open the address above in any.'))
  child.unref()
}

function desktopOpener(url: string): [program: string, words: string[]] {
  if (process.platform === 'darwin') return ['open', [url]]
  // `start` takes a first quoted word for a title.
  if (process.platform === 'win32') return ['cmd', ['/c', 'start', '""', url]]
  return ['xdg-open', [url]]
}

function whenEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
}
