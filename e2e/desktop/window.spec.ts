import { DesktopApp } from '../fixtures/desktop-app.ts'
import { expect, test, windowSizes } from '../fixtures/desktop-test.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'

test('the window opens on the sample workspace and speaks to its host', async ({ desktop }) => {
  const window = new GuardhouseWindow(desktop.page)
  await window.expectConnected()
  await expect(desktop.page).toHaveTitle(/Guardhouse/)
  await expect(window.workspace('sample-workspace')).toBeVisible()
  await expect(desktop.page.getByRole('list', { name: 'Host' })).toContainText('Desktop')
})

for (const size of windowSizes) {
  test(`the frame fits ${size.width} x ${size.height} without scrolling sideways`, async ({ desktop }) => {
    await desktop.page.setViewportSize(size)
    await new GuardhouseWindow(desktop.page).expectConnected()
    expect(await desktop.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width)
  })
}

test('the host is the desktop, and the command line finds it', async ({ desktop }) => {
  const observer = await desktop.observe()
  const info = await observer.call('system.info', {})
  expect(info).toMatchObject({ host: 'desktop', pid: desktop.pid, readOnly: false })
  observer.close()
})

test.describe('read-only', () => {
  test.use({ launchArguments: ['--read-only'] })

  test('a window opened read-only says so and changes nothing', async ({ desktop }) => {
    await new GuardhouseWindow(desktop.page).expectConnected()
    await expect(desktop.page.getByText('Read-only')).toBeVisible()
    const observer = await desktop.observe()
    await expect(observer.call('commands.pause', { scope: { kind: 'all' } })).rejects.toMatchObject({
      kind: 'not-allowed',
    })
    observer.close()
  })
})

test('the window comes back at its place and in its theme', async ({ stateDirectory, problems }) => {
  const place = { x: 40, y: 30, width: 1000, height: 700 }
  const first = await DesktopApp.launch({ stateDirectory, problems })
  await new GuardhouseWindow(first.page).expectConnected()
  await first.chooseMenuItem('theme.dark')
  await expect(first.page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await first.application.evaluate(
    ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds),
    place,
  )
  await first.close()

  const second = await DesktopApp.launch({ stateDirectory, problems })
  await new GuardhouseWindow(second.page).expectConnected()
  await expect(second.page.locator('html')).toHaveAttribute('data-theme', 'dark')
  const seen = await second.application.evaluate(({ BrowserWindow, nativeTheme }) => ({
    bounds: BrowserWindow.getAllWindows()[0]?.getNormalBounds(),
    theme: nativeTheme.themeSource,
  }))
  expect(seen).toEqual({ bounds: place, theme: 'dark' })
  await second.close()
})
