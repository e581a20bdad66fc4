import type { AppCommandId } from '../../src/shared/app-commands.ts'
import { assertDefined } from '../../src/shared/assert.ts'
import { expect, test } from '../fixtures/desktop-test.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'
import { createWorkspaceFolder } from '../fixtures/workspace-folder.ts'

test.beforeEach(async ({ desktop }) => {
  await new GuardhouseWindow(desktop.page).expectConnected()
})

const places: readonly (readonly [AppCommandId, string])[] = [
  ['go.tokens', 'Tokens'],
  ['go.operations', 'Operations'],
  ['go.activity', 'Activity'],
  ['go.settings', 'Settings'],
  ['go.guardHouse', 'Guard house'],
]

test('the menu goes to every page', async ({ desktop }) => {
  const window = new GuardhouseWindow(desktop.page)
  for (const [command, title] of places) {
    await desktop.chooseMenuItem(command)
    await window.expectPage(title)
  }
})

test('the menu pauses and resumes the scheduler', async ({ desktop }) => {
  const observer = await desktop.observe()
  const paused = async () => (await observer.call('system.stats', {})).token_pool.paused
  await desktop.chooseMenuItem('gate.pause')
  await expect.poll(paused).toBe(true)
  // The window refuses to resume what it does not yet know to be paused.
  await expect(desktop.page.getByRole('button', { name: 'Resume' }).first()).toBeVisible()
  await desktop.chooseMenuItem('gate.resume')
  await expect.poll(paused).toBe(false)
  observer.close()
})

test('the menu opens what the keys open', async ({ desktop }) => {
  const { page } = desktop
  await desktop.chooseMenuItem('palette.open')
  await expect(new GuardhouseWindow(page).palette).toBeVisible()
  await page.keyboard.press('Escape')
  await desktop.chooseMenuItem('help.shortcuts')
  await expect(page.getByRole('dialog', { name: /shortcuts/i })).toBeVisible()
})

test('a destructive item of the menu asks in the window first', async ({ desktop }) => {
  await desktop.chooseMenuItem('pool.killAll')
  await expect(desktop.page.getByRole('alertdialog')).toBeVisible()
})

test('the theme chosen in the menu or the palette is everywhere the same', async ({ desktop }) => {
  const window = new GuardhouseWindow(desktop.page)
  const chosen = () =>
    desktop.application.evaluate(({ Menu, nativeTheme }) => {
      const themes = ['light', 'dark', 'system']
      const marked = themes.filter((theme) => Menu.getApplicationMenu()?.getMenuItemById(`theme.${theme}`)?.checked)
      return { native: nativeTheme.themeSource, marked }
    })
  await desktop.chooseMenuItem('theme.dark')
  await expect(desktop.page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect.poll(chosen).toEqual({ native: 'dark', marked: ['dark'] })
  await window.runCommand('Light theme')
  await expect(desktop.page.locator('html')).toHaveAttribute('data-theme', 'light')
  await expect.poll(chosen).toEqual({ native: 'light', marked: ['light'] })
})

test('a folder chosen through the menu is opened, and asks for trust', async ({ desktop }) => {
  await using folder = await createWorkspaceFolder()
  const name = assertDefined(folder.path.split('/').at(-1), 'a path has a last part')
  await desktop.answerFolderDialogs(folder.path)
  await desktop.chooseMenuItem('workspace.open')
  await expect(new GuardhouseWindow(desktop.page).workspace(name)).toBeVisible()
  await expect(desktop.page.getByText('Do you trust the code in this folder?')).toBeVisible()
})

test('a cancelled folder dialog changes nothing', async ({ desktop }) => {
  await desktop.answerFolderDialogs(null)
  await desktop.chooseMenuItem('workspace.open')
  await desktop.chooseMenuItem('go.settings')
  const window = new GuardhouseWindow(desktop.page)
  await window.expectPage('Settings')
  await expect(window.workspace('sample-workspace')).toBeVisible()
})
