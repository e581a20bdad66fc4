import { test as base, expect, type Page } from '@playwright/test'
import { createStateDirectory, removeStateDirectory } from '../fixtures/desktop-app.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'
import { ProblemWatch } from '../fixtures/problem-watch.ts'
import { createWorkspaceFolder } from '../fixtures/workspace-folder.ts'
import { ServedProcess } from './served-process.ts'

export { expect }

export interface ServedFixtures {
  /** Fails the test when anything was logged as an error, unless the test allows it. */
  readonly problems: ProblemWatch
  /** A folder for everything the hosts of this test keep. */
  readonly stateDirectory: string
  /** A trusted folder of operations. */
  readonly workspace: string
  /** What is added to `guardhouse serve`. */
  readonly serveArguments: readonly string[]
  readonly host: ServedProcess
  /** The window in a browser, connected. */
  readonly window: GuardhouseWindow
}

export const test = base.extend<ServedFixtures>({
  serveArguments: [[], { option: true }],
  problems: async ({ page }, use) => {
    const problems = new ProblemWatch()
    problems.watchPage(page)
    await use(problems)
    expect(problems.found, 'nothing was logged as an error').toEqual([])
  },
  stateDirectory: async ({ browserName: _ }, use) => {
    const directory = await createStateDirectory()
    await use(directory)
    await removeStateDirectory(directory)
  },
  workspace: async ({ browserName: _ }, use) => {
    await using folder = await createWorkspaceFolder()
    await use(folder.path)
  },
  host: async ({ stateDirectory, workspace, serveArguments }, use) => {
    await using host = await ServedProcess.start(stateDirectory, [workspace, '--trust', ...serveArguments])
    await use(host)
  },
  window: async ({ page, host, problems: _ }, use) => {
    await use(await openWindow(page, host.address.openUrl))
  },
})

/** Opens the address a host printed and waits until the page speaks to it. */
export async function openWindow(page: Page, openUrl: string): Promise<GuardhouseWindow> {
  await page.goto(openUrl)
  const window = new GuardhouseWindow(page)
  await window.expectConnected()
  return window
}

/** A browser says so on the console whenever a socket cannot be opened; no page can prevent it. */
export const failedSocket = /WebSocket connection to .* failed/
