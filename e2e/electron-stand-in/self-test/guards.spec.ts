import type { Page } from '@playwright/test'
import { expect, loadedPage, test } from './self-test.ts'

const home = 'http://self-test.app.localhost/index.html'

for (const [way, leave] of [
  ['a link', () => document.getElementById('away')?.click()],
  ['a script', () => location.assign('http://elsewhere.test.localhost/')],
  ['a redirect', () => location.assign('/redirect')],
] as const) {
  test(`navigation by ${way} is put to the application, which denies it`, async ({ application, page }) => {
    await page.evaluate(leave)
    const asked = () => application.evaluate(() => selfTestMain.navigations.at(-1))
    await expect.poll(asked).toEqual(['main', 'http://elsewhere.test.localhost/'])
    await expect(page.locator('h1')).toHaveText('Self-test')
    expect(page.url()).toBe(home)
  })
}

test('navigation that the application allows happens', async ({ application, page }) => {
  await page.evaluate(() => location.assign('/index.html?again'))
  await page.waitForURL(/again/)
  expect(await application.evaluate(() => selfTestMain.navigations)).toContainEqual([
    'main',
    'app://self-test/index.html?again',
  ])
  const url = await application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL())
  expect(url).toBe('app://self-test/index.html?again')
})

test('a frame goes nowhere without the application', async ({ application, page }) => {
  await page.evaluate(() => document.getElementById('frame')?.setAttribute('src', 'http://elsewhere.test.localhost/'))
  const asked = () => application.evaluate(() => selfTestMain.navigations)
  await expect.poll(asked).toEqual([['frame', 'http://elsewhere.test.localhost/']])
  expect(page.frames().map((frame) => frame.url())).not.toContain('http://elsewhere.test.localhost/')
})

test('what the main process loads is nobody else’s business', async ({ application, page }) => {
  await application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.loadURL('app://self-test/index.html?main#part'),
  )
  await page.waitForURL(`${home}?main#part`)
  expect(await application.evaluate(() => selfTestMain.navigations)).toEqual([])
})

test('a load that fails rejects with the reason', async ({ application, page }) => {
  await expect(page.locator('h1')).toBeVisible()
  const failure = await application.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    return window
      ?.loadURL('http://127.0.0.1:9/')
      .catch((error: { code: string; url: string }) => [error.code, error.url])
  })
  expect(failure).toEqual(['ERR_UNSAFE_PORT', 'http://127.0.0.1:9/'])
})

for (const [way, open] of [
  ['window.open', () => void window.open('http://elsewhere.test.localhost/blank')],
  ['a link to another window', () => document.getElementById('blank')?.click()],
  [
    'a window.open that the page hid from the stand-in',
    () => {
      const frame = document.createElement('iframe')
      document.body.append(frame)
      frame.contentWindow?.open('http://elsewhere.test.localhost/blank')
    },
  ],
] as const) {
  test(`${way} is put to the application, which denies it`, async ({ application, page }) => {
    await page.evaluate(open)
    const asked = () => application.evaluate(() => selfTestMain.windowRequests)
    await expect.poll(asked).toEqual(['http://elsewhere.test.localhost/blank'])
    await expect.poll(() => application.windows().length).toBe(1)
    expect(await application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })
}

test('window.open returns null when it is denied', async ({ page }) => {
  expect(await page.evaluate(() => window.open('http://elsewhere.test.localhost/'))).toBeNull()
})

test('a window that the application allows opens as one of its own', async ({ application, page }) => {
  const opened = application.waitForEvent('window')
  await page.evaluate(() => void window.open('/index.html?second'))
  const second = await opened
  await second.waitForURL(/second/)
  expect(await application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(2)
})

test('every permission is put to the application, which denies it', async ({ launch }) => {
  // Without a device Chromium would not even get as far as the permission.
  const application = await launch({ args: ['--use-fake-device-for-media-stream'] })
  const page = await loadedPage(application)
  expect(await askEverything(page)).toEqual({
    geolocation: 'error 1',
    notifications: 'denied',
    media: 'NotAllowedError',
    read: 'NotAllowedError',
    write: 'NotAllowedError',
  })
  expect(await application.evaluate(() => selfTestMain.permissionRequests)).toEqual([
    'geolocation',
    'notifications',
    'media',
    'clipboard-read',
    'clipboard-sanitized-write',
  ])
  expect(await page.evaluate(lookAtPermissions)).toEqual(['denied', 'denied'])
})

test('a permission that the application grants is there', async ({ application, page }) => {
  await application.evaluate(() => {
    selfTestMain.grants = true
  })
  await page.reload()
  await application.context().setGeolocation({ latitude: 1, longitude: 2 })
  const answers = await askEverything(page)
  expect(answers).toMatchObject({ geolocation: 'latitude 1', notifications: 'granted', write: 'done', read: 'done' })
  expect(await page.evaluate(lookAtPermissions)).toEqual(['granted', 'granted'])
})

async function lookAtPermissions(): Promise<string[]> {
  const { state } = await navigator.permissions.query({ name: 'geolocation' })
  return [state, Notification.permission === 'default' ? 'prompt' : Notification.permission]
}

async function askEverything(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const name = (error: Error) => error.name
    const done = () => 'done'
    return {
      geolocation: await new Promise<string>((resolve) => {
        navigator.geolocation.getCurrentPosition(
          ({ coords }) => resolve(`latitude ${coords.latitude}`),
          ({ code }) => resolve(`error ${code}`),
        )
      }),
      notifications: await Notification.requestPermission(),
      media: await navigator.mediaDevices.getUserMedia({ audio: true }).then(done, name),
      read: await navigator.clipboard.readText().then(done, name),
      write: await navigator.clipboard.writeText('text').then(done, name),
    }
  })
}
