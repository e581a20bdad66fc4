import type { App, Details, Dialog, RenderProcessGoneDetails, WebContents } from 'electron'
import { recoveredQuery } from '../../shared/window-bridge.ts'
import { loadPage } from './load-page.ts'
import type { PageAddress } from './page-address.ts'
import { reportProblem } from './report-problem.ts'

/** A second crash within this time is not answered by reloading once more. */
const calmMs = 60_000

export interface RecoveryDependencies {
  readonly app: Pick<App, 'on' | 'off'>
  readonly page: PageAddress
  /** Milliseconds, monotonic. */
  readonly now: () => number
  /** Asks a person after the second crash; false quits. */
  readonly askToReload: () => Promise<boolean>
  readonly quit: () => void
}

/**
 * Brings the window back when its process ends: once by itself, then only when somebody says so, else a page that
 * crashes at its start would do so for ever. The scheduler goes on all the while.
 */
export function setupWindowRecovery(dependencies: RecoveryDependencies): Disposable {
  const { app, page, now, askToReload, quit } = dependencies
  let lastReload = Number.NEGATIVE_INFINITY

  function reload(contents: WebContents): void {
    lastReload = now()
    loadPage(contents, recoveredAddress(page, contents.getURL()))
  }

  async function askThenReload(contents: WebContents): Promise<void> {
    if (!(await askToReload())) quit()
    else if (!contents.isDestroyed()) reload(contents)
  }

  function recover(_event: unknown, contents: WebContents, details: RenderProcessGoneDetails): void {
    if (details.reason === 'clean-exit' || contents.isDestroyed()) return
    reportProblem('the window stopped working', new Error(`${details.reason}, exit code ${details.exitCode}`))
    if (now() - lastReload > calmMs) reload(contents)
    else void askThenReload(contents)
  }

  // Chromium starts its helper processes anew by itself.
  function report(_event: unknown, details: Details): void {
    if (details.reason === 'clean-exit') return
    reportProblem('a helper process stopped working', new Error(`${details.type}: ${details.reason}`))
  }

  app.on('render-process-gone', recover)
  app.on('child-process-gone', report)
  return {
    [Symbol.dispose]() {
      app.off('render-process-gone', recover)
      app.off('child-process-gone', report)
    },
  }
}

/** Where the window was, so that it comes back to the same place, with the reason. */
function recoveredAddress(page: PageAddress, before: string): string {
  const address = new URL(page.contains(before) ? before : page.home)
  address.search = recoveredQuery
  return address.href
}

/**
 * Shows the first error that nothing caught, and writes every one to standard error. The shell goes on: the scheduler
 * lives on another thread and may have work that must not be lost to a fault of a menu.
 */
export function setupUnexpectedErrors(
  process: Pick<NodeJS.Process, 'on' | 'off'>,
  dialog: Pick<Dialog, 'showErrorBox'>,
): Disposable {
  let shown = false
  const report = (thrown: unknown) => {
    reportProblem('unexpected error', thrown)
    if (shown) return
    shown = true
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    dialog.showErrorBox(
      'Guardhouse made a mistake',
      `${message}\n\nThe scheduler goes on. Details are on standard error.`,
    )
  }
  process.on('uncaughtException', report)
  process.on('unhandledRejection', report)
  return {
    [Symbol.dispose]() {
      process.off('uncaughtException', report)
      process.off('unhandledRejection', report)
    },
  }
}
