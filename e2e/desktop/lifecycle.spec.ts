import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { DesktopApp } from '../fixtures/desktop-app.ts'
import { expect, test } from '../fixtures/desktop-test.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'
import { processFamily, stillRunning } from '../fixtures/process-family.ts'
import { createWorkspaceFolder } from '../fixtures/workspace-folder.ts'

/** Opens a folder of our own and starts one operation of it that runs until something ends it. */
async function startWork(desktop: DesktopApp, operation: string, ...parameters: unknown[]) {
  const folder = await createWorkspaceFolder()
  const observer = await desktop.observe()
  await observer.call('workspace.open', { path: folder.path })
  await observer.call('workspace.trust', { path: folder.path })
  await expect.poll(async () => (await observer.call('workspace.get', {})).state).toBe('ready')
  const { id } = await observer.call('tokens.submit', { operation, arguments: parameters })
  const state = async () => (await observer.call('tokens.get', { id })).state
  await expect.poll(state).toBe('EXECUTING')
  return {
    id,
    observer,
    state,
    async [Symbol.asyncDispose]() {
      observer.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

function closeWindow(desktop: DesktopApp): Promise<void> {
  return desktop.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
}

test('a reload connects anew, and the scheduler has not noticed', async ({ desktop }) => {
  const window = new GuardhouseWindow(desktop.page)
  await window.expectConnected()
  await using work = await startWork(desktop, 'until-stopped')
  await desktop.page.reload()
  await window.expectConnected()
  expect(await work.state()).toBe('EXECUTING')
})

test('many reloads leave no connection behind', async ({ desktop }) => {
  const window = new GuardhouseWindow(desktop.page)
  await window.expectConnected()
  for (let reload = 0; reload < 12; reload++) {
    await desktop.page.reload()
    await window.expectConnected()
  }
})

test('a window that crashes comes back, and the scheduler has not noticed', async ({ desktop, problems }) => {
  problems.allow(/the window stopped working/)
  await new GuardhouseWindow(desktop.page).expectConnected()
  await using work = await startWork(desktop, 'until-stopped')
  await desktop.application.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
  })
  // Not through the page object, which is lost with the process that crashed.
  const recovered = () =>
    desktop.application.evaluate(({ BrowserWindow }) => {
      const connected =
        "[...document.querySelectorAll('[role=status]')].some((mark) => mark.textContent === 'Connected')"
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      return contents?.executeJavaScript(`[location.search, ${connected}]`).catch(() => 'still gone')
    })
  await expect.poll(recovered, { timeout: 20_000 }).toEqual(['?recovered', true])
  expect(await work.state()).toBe('EXECUTING')
})

test('closing the window ends the application and leaves no process', async ({ desktop }) => {
  await new GuardhouseWindow(desktop.page).expectConnected()
  const family = processFamily(desktop.pid)
  expect(family.length).toBeGreaterThan(0)
  const ended = once(desktop.process, 'exit')
  await closeWindow(desktop)
  expect(await ended).toEqual([0, null])
  await expect.poll(() => stillRunning(family)).toEqual([])
})

test('closing the window while tokens run asks first, and cancelling keeps both', async ({ desktop }) => {
  await new GuardhouseWindow(desktop.page).expectConnected()
  await using work = await startWork(desktop, 'until-stopped')
  await desktop.answerQuestions('Cancel')
  await closeWindow(desktop)
  await expect.poll(() => desktop.askedQuestions()).toEqual(['Quit while there is work?'])
  expect(await work.state()).toBe('EXECUTING')
  await new GuardhouseWindow(desktop.page).goTo('Settings')
})

test('stopping now ends the application at once', async ({ desktop }) => {
  await new GuardhouseWindow(desktop.page).expectConnected()
  await using _work = await startWork(desktop, 'until-stopped')
  await desktop.answerQuestions('Stop now')
  const ended = once(desktop.process, 'exit')
  await closeWindow(desktop)
  expect(await ended).toEqual([0, null])
})

test('draining lets the running token finish and then ends the application', async ({ desktop, stateDirectory }) => {
  await new GuardhouseWindow(desktop.page).expectConnected()
  const file = path.join(stateDirectory, 'go')
  await using work = await startWork(desktop, 'until-file', file)
  const outcome = work.observer.call('tokens.outcome', { id: work.id })
  await desktop.answerQuestions('Drain')
  const ended = once(desktop.process, 'exit')
  await closeWindow(desktop)
  await expect.poll(() => desktop.askedQuestions()).toHaveLength(1)
  await writeFile(file, '')
  expect((await outcome).state).toBe('COMPLETED')
  expect(await ended).toEqual([0, null])
})

test('a signal ends the application without a question', async ({ desktop }) => {
  await new GuardhouseWindow(desktop.page).expectConnected()
  await using _work = await startWork(desktop, 'until-stopped')
  const family = processFamily(desktop.pid)
  const ended = once(desktop.process, 'exit')
  desktop.process.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  await expect.poll(() => stillRunning(family)).toEqual([])
})
