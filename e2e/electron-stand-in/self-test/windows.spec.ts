import { expect, loadedPage, test } from './self-test.ts'

test('a window opens at its size, and follows setBounds', async ({ application, page }) => {
  const size = () => page.evaluate(() => [innerWidth, innerHeight])
  expect(await size()).toEqual([1000, 700])
  const bounds = await application.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    window?.setBounds({ x: 30, y: 40, width: 1280, height: 800 })
    return [window?.getBounds(), window?.getNormalBounds()]
  })
  const wanted = { x: 30, y: 40, width: 1280, height: 800 }
  expect(bounds).toEqual([wanted, wanted])
  await expect.poll(size).toEqual([1280, 800])
  await expect.poll(() => page.evaluate(() => [screenX, screenY])).toEqual([30, 40])
  await expect.poll(() => application.evaluate(() => selfTestMain.events)).toEqual(['ready-to-show', 'resize', 'move'])
})

test('a maximised window fills the screen and comes back to its size', async ({ application, page }) => {
  const size = () => page.evaluate(() => [innerWidth, innerHeight])
  const [window] = [await application.browserWindow(page)]
  await window.evaluate((each) => each.maximize())
  await expect.poll(size).toEqual([1920, 1080])
  expect(await window.evaluate((each) => [each.isMaximized(), each.getNormalBounds().width])).toEqual([true, 1000])
  await window.evaluate((each) => each.unmaximize())
  await expect.poll(size).toEqual([1000, 700])
  await expect
    .poll(() => application.evaluate(() => selfTestMain.events.filter((event) => event.endsWith('maximize'))))
    .toEqual(['maximize', 'unmaximize'])
})

for (const [conceal, reveal] of [
  ['minimize', 'restore'],
  ['hide', 'show'],
] as const) {
  test(`${conceal} takes Chromium's window away, ${reveal} brings it back`, async ({ application, page }) => {
    // Not the page's own visibility: Playwright makes every page believe that it is in front.
    const protocol = await application.context().newCDPSession(page)
    const state = async () => (await protocol.send('Browser.getWindowForTarget')).bounds.windowState
    const window = await application.browserWindow(page)
    await window.evaluate((each, method) => each[method](), conceal)
    await expect.poll(state).toBe('minimized')
    expect(await window.evaluate((each) => each.isFocused())).toBe(false)
    await window.evaluate((each, method) => each[method](), reveal)
    await expect.poll(state).toBe('normal')
    await expect.poll(() => application.evaluate(() => selfTestMain.events)).toEqual(['ready-to-show', conceal, reveal])
  })
}

test('a window that is not shown loads, says when it is ready, and can then be shown', async ({
  application,
  page,
}) => {
  await expect(page.locator('h1')).toBeVisible()
  const opened = application.waitForEvent('window')
  await application.evaluate(async ({ BrowserWindow }) => {
    const window = selfTestMain.openWindow({ show: false })
    await new Promise<void>((resolve) => window.once('ready-to-show', () => resolve()))
    if (window.isVisible()) throw new Error('shows too early')
    window.show()
    if (BrowserWindow.getFocusedWindow() !== window) throw new Error('has no focus')
  })
  await expect((await opened).locator('h1')).toBeVisible()
  await expect.poll(() => application.evaluate(() => selfTestMain.events)).toContain('show')
})

for (const preference of [
  { nodeIntegration: true },
  { contextIsolation: false },
  { sandbox: false },
  { webSecurity: false },
  { webviewTag: true },
  { allowRunningInsecureContent: true },
]) {
  test(`an insecure window is refused: ${JSON.stringify(preference)}`, async ({ application }) => {
    const refusal = application.evaluate(({ BrowserWindow }, webPreferences) => {
      new BrowserWindow({ webPreferences })
    }, preference)
    await expect(refusal).rejects.toThrow(`refuses webPreferences.${Object.keys(preference)[0]}`)
  })
}

test('the page follows the theme of the main process', async ({ launch }) => {
  const application = await launch({ args: ['--force-dark-mode'], colorScheme: null })
  const page = await loadedPage(application)
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await expect.poll(background, 'the system is dark').toBe('rgb(0, 0, 0)')
  const choose = (source: 'system' | 'light' | 'dark') =>
    application.evaluate(({ nativeTheme }, themeSource) => {
      nativeTheme.themeSource = themeSource
      return nativeTheme.shouldUseDarkColors
    }, source)
  expect(await choose('light')).toBe(false)
  await expect.poll(background).toBe('rgb(255, 255, 255)')
  expect(await choose('system')).toBe(true)
  await expect.poll(background).toBe('rgb(0, 0, 0)')
  await expect
    .poll(() => application.evaluate(() => selfTestMain.events.filter((event) => event.startsWith('dark'))))
    .toEqual(['dark: false', 'dark: true'])
})

test('items of the menu can be chosen', async ({ application, page }) => {
  await page.locator('h1').evaluate((heading: HTMLElement) => {
    heading.contentEditable = 'true'
    heading.focus()
  })
  const labels = await application.evaluate(({ Menu }) => {
    const menu = Menu.getApplicationMenu()
    menu?.getMenuItemById('thing')?.click()
    const edit = menu?.items.find((item) => item.label === 'Edit')
    edit?.submenu?.items.find((item) => item.role?.toLowerCase() === 'selectall')?.click()
    return menu?.items.map((item) => item.label)
  })
  expect(labels).toEqual(['Things', 'Edit'])
  expect(await application.evaluate(() => selfTestMain.events)).toContain('clicked A thing')
  await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toContain('Self-test')
})

test('of the radio items that stand together one is checked', async ({ application }) => {
  const checked = await application.evaluate(({ Menu }) => {
    const menu = Menu.buildFromTemplate([
      { label: 'a', type: 'radio', checked: true },
      { label: 'b', type: 'radio' },
      { type: 'separator' },
      { label: 'c', type: 'radio', checked: true },
      { label: 'd', type: 'checkbox' },
    ])
    menu.items[1]?.click()
    menu.items[4]?.click()
    return menu.items.filter((item) => item.checked).map((item) => item.label)
  })
  expect(checked).toEqual(['b', 'c', 'd'])
})

test('dialogs are answered by the test, or cancelled', async ({ application }) => {
  expect(await application.evaluate(() => selfTestMain.showDialog())).toEqual({ response: 1, checkboxChecked: false })
  await application.evaluate(({ dialog }) => {
    dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: true })
  })
  expect(await application.evaluate(() => selfTestMain.showDialog())).toEqual({ response: 0, checkboxChecked: true })
})

test('what only a desktop can show is recorded', async ({ application }) => {
  const recorded = await application.evaluate(async (electron) => {
    const { app, Notification, shell, Tray, nativeImage } = electron
    await shell.openExternal('https://example.org/')
    app.setAboutPanelOptions({ applicationName: 'Self-test' })
    new Tray(nativeImage.createEmpty()).setToolTip('here')
    new Notification({ title: 'done' }).show()
    const { standIn } = electron as unknown as { standIn: StandIn }
    const calls = standIn.recordedCalls.map(({ object, method, args }) => [object, method, ...args])
    return {
      calls,
      trays: standIn.trays.map((tray) => tray.toolTip),
      notes: standIn.notifications.map((note) => note.title),
    }
  })
  expect(recorded.calls).toContainEqual(['shell', 'openExternal', 'https://example.org/'])
  expect(recorded.calls).toContainEqual(['app', 'setAboutPanelOptions', { applicationName: 'Self-test' }])
  expect(recorded.calls).toContainEqual(['app', 'enableSandbox'])
  expect(recorded).toMatchObject({ trays: ['here'], notes: ['done'] })
})

test('pictures, the title, zoom and scripts reach the page', async ({ application, page }) => {
  const window = await application.browserWindow(page)
  await expect.poll(() => window.evaluate((each) => each.getTitle())).toBe('Self-test')
  const size = await window.evaluate(async (each) => (await each.webContents.capturePage()).getSize())
  expect(size).toEqual({ width: 1000, height: 700 })
  expect((await page.screenshot()).readUInt32BE(16)).toBe(1000)
  expect(await window.evaluate((each) => each.webContents.executeJavaScript('Promise.resolve(6 * 7)'))).toBe(42)
  const width = () =>
    page.locator('h1').evaluate((heading) => getComputedStyle(heading).fontSize + heading.currentCSSZoom)
  await window.evaluate((each) => each.webContents.setZoomFactor(2))
  await expect.poll(width).toBe('32px2')
})

test('a crashed page says so and loads again', async ({ application, page }) => {
  await expect(page.locator('h1')).toBeVisible()
  const text = await application.evaluate(async ({ app, BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    if (window === undefined) throw new Error('no window')
    const gone = new Promise((resolve) =>
      app.once('render-process-gone', (_event, _contents, details) => resolve(details.reason)),
    )
    window.webContents.forcefullyCrashRenderer()
    const reason = await gone
    await window.loadURL('app://self-test/index.html?recovered')
    return `${reason} ${await window.webContents.executeJavaScript('location.search + selfTest.addNow(1, 2)')}`
  })
  expect(text).toBe('crashed ?recovered3')
})

interface StandIn {
  readonly recordedCalls: readonly { object: string; method: string; args: readonly unknown[] }[]
  readonly trays: readonly { toolTip: string }[]
  readonly notifications: readonly { title: string }[]
}
