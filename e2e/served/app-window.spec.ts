import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { findChromium } from '../electron-stand-in/chromium/executable.ts'
import { announcedHost } from '../fixtures/host-observer.ts'
import { processFamily, stillRunning } from '../fixtures/process-family.ts'
import { CommandProcess } from './served-process.ts'
import { expect, test } from './served-test.ts'

/** `guardhouse open` with a real browser that needs no display. */
async function openWithoutDisplay(stateDirectory: string): Promise<CommandProcess> {
  const browser = path.join(stateDirectory, 'browser')
  await writeFile(browser, `#!/bin/sh\nexec '${findChromium()}' --headless=new "$@"\n`)
  await chmod(browser, 0o755)
  const environment = { GUARDHOUSE_BROWSER: browser, DISPLAY: ':made-up' }
  return new CommandProcess(stateDirectory, ['open', '--served'], environment)
}

/** Processes of the browser that `opened` has started, once its page is connected. */
async function connectedBrowser(opened: CommandProcess, stateDirectory: string): Promise<readonly number[]> {
  const { url } = await announcedHost(stateDirectory)
  const clients = async () => (await (await fetch(`${url}/healthz`)).json()).clients
  // Looked at often, so that what follows comes in the first moment of the window.
  await expect.poll(clients, { message: 'the window is connected', timeout: 20_000, intervals: [10] }).toBe(1)
  return processFamily(opened.pid).filter((pid) => pid !== opened.pid)
}

test('closing the window ends the host', async ({ stateDirectory }) => {
  const opened = await openWithoutDisplay(stateDirectory)
  const browser = await connectedBrowser(opened, stateDirectory)
  expect(browser.length).toBeGreaterThan(0)
  process.kill(browser[0] ?? 0)
  const { code, output, errors } = await opened.ended
  expect(output).toContain('Guardhouse serves the sample workspace')
  expect(errors).toContain('The window was closed, stopping')
  expect(code).toBe(0)
})

test('ending the host closes the window', async ({ stateDirectory }) => {
  const opened = await openWithoutDisplay(stateDirectory)
  const browser = await connectedBrowser(opened, stateDirectory)
  opened.kill('SIGINT')
  expect((await opened.ended).code).toBe(0)
  await expect.poll(() => stillRunning(browser), { message: 'no process is left behind' }).toEqual([])
})

test('a browser that shows nothing leaves the address, and the host goes on', async ({ stateDirectory }) => {
  const environment = { GUARDHOUSE_BROWSER: '/bin/false', DISPLAY: ':made-up' }
  const opened = new CommandProcess(stateDirectory, ['open', '--served'], environment)
  await expect
    .poll(() => opened.errors, { timeout: 20_000 })
    .toContain('The browser did not show the window: open the address above')
  expect(opened.output).toMatch(/open {2}http:\/\/127\.0\.0\.1:\d+\/#secret=/)
  opened.kill('SIGINT')
  expect((await opened.ended).code).toBe(0)
})
