import path from 'node:path'
import { startSecondInstance } from '../fixtures/desktop-app.ts'
import { expect, test } from '../fixtures/desktop-test.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'
import { createWorkspaceFolder } from '../fixtures/workspace-folder.ts'

test('a second start ends at once, says so, and leaves one window', async ({ desktop, stateDirectory }) => {
  await new GuardhouseWindow(desktop.page).expectConnected()
  const second = await startSecondInstance({ stateDirectory })
  expect(second.code).toBe(0)
  expect(second.output).toContain('Guardhouse is running already')
  const windows = await desktop.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
  expect(windows).toBe(1)
})

test('a second start with a folder opens it in the first window, which asks for trust', async ({
  desktop,
  stateDirectory,
}) => {
  await using folder = await createWorkspaceFolder()
  const window = new GuardhouseWindow(desktop.page)
  await expect(window.workspace('sample-workspace')).toBeVisible()
  await startSecondInstance({ stateDirectory, arguments: [`--workspace=${folder.path}`] })
  await expect(window.workspace(path.basename(folder.path))).toBeVisible()
  await expect(desktop.page.getByText('Do you trust the code in this folder?')).toBeVisible()
})

test('a second start with a folder and --trust opens it ready to run', async ({ desktop, stateDirectory }) => {
  await using folder = await createWorkspaceFolder()
  await new GuardhouseWindow(desktop.page).expectConnected()
  await startSecondInstance({ stateDirectory, arguments: [`--workspace=${folder.path}`, '--trust'] })
  const observer = await desktop.observe()
  await expect.poll(() => observer.call('workspace.get', {})).toMatchObject({ state: 'ready', path: folder.path })
  const { operations } = await observer.call('operations.list', {})
  expect(operations.map(({ operation }) => operation)).toContain('at-once')
  observer.close()
})

test('a second start with a folder that is not there says what is wrong', async ({ desktop, stateDirectory }) => {
  await new GuardhouseWindow(desktop.page).expectConnected()
  await desktop.answerQuestions('OK')
  await using folder = await createWorkspaceFolder()
  const gone = `${folder.path}-gone`
  await startSecondInstance({ stateDirectory, arguments: [`--workspace=${gone}`] })
  await expect.poll(() => desktop.askedQuestions()).toEqual([`${gone} cannot be opened.`])
})
