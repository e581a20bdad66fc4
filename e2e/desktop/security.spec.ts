import type { DesktopApp } from '../fixtures/desktop-app.ts'
import { expect, test } from '../fixtures/desktop-test.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'

/**
 * Electron's security checklist (https://www.electronjs.org/docs/latest/tutorial/security), as far as it can be seen from
 * outside. Item numbers are the list's.
 */

/** What the page got for one of its own files, and for whatever else it asks for. */
function fetchFromPage({ page }: DesktopApp, path: string) {
  return page.evaluate(async (address) => {
    const response = await fetch(address)
    return { status: response.status, headers: Object.fromEntries(response.headers) }
  }, path)
}

test.beforeEach(async ({ desktop }) => {
  await new GuardhouseWindow(desktop.page).expectConnected()
})

test('items 1, 7, 18: the page comes from our own scheme, with a strict policy', async ({ desktop }) => {
  expect(
    await desktop.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL()),
  ).toMatch(/^app:\/\/guardhouse\/index\.html/)
  const { status, headers } = await fetchFromPage(desktop, '/index.html')
  expect(status).toBe(200)
  expect(headers['content-type']).toBe('text/html; charset=utf-8')
  expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(await desktop.page.evaluate(() => [isSecureContext, crossOriginIsolated])).toEqual([true, true])
})

test('item 18: no path leads out of the page’s folder', async ({ desktop, problems }) => {
  problems.allow(/status of 404/)
  for (const path of ['/..%2f..%2fpackage.json', '/%2e%2e/main/index.js', '/..%5cmain%5cindex.js', '/%2fetc%2fhosts']) {
    expect((await fetchFromPage(desktop, path)).status, path).toBe(404)
  }
})

test('item 7: text cannot become code, and nothing is loaded from elsewhere', async ({ desktop, problems }) => {
  problems.allow(/Content Security Policy/)
  const outcome = await desktop.page.evaluate(async () => {
    const violations: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective))
    const inline = document.createElement('script')
    inline.textContent = 'document.title = "an inline script ran"'
    document.head.append(inline)
    const style = document.createElement('style')
    style.textContent = 'body { display: none }'
    document.head.append(style)
    const image = document.createElement('img')
    image.src = 'https://example.com/picture.png'
    const frame = document.createElement('iframe')
    frame.src = 'https://example.com/'
    document.body.append(image, frame)
    const fetched = await fetch('https://example.com/').then(
      () => 'fetched',
      () => 'refused',
    )
    const deadline = performance.now() + 20_000
    while (violations.length < 5 && performance.now() < deadline) await new Promise((done) => setTimeout(done, 10))
    return { fetched, violations: violations.sort(), display: getComputedStyle(document.body).display }
  })
  expect(outcome.fetched).toBe('refused')
  expect(outcome.display).not.toBe('none')
  expect(outcome.violations).toEqual(['connect-src', 'frame-src', 'img-src', 'script-src-elem', 'style-src-elem'])
  await expect(desktop.page).not.toHaveTitle('an inline script ran')
})

test('items 2, 3, 4, 20: the page has nothing of Node and five functions of ours', async ({ desktop }) => {
  const { page } = desktop
  const found = await page.evaluate(() => {
    const names = [
      'require',
      'module',
      'exports',
      'process',
      'Buffer',
      'global',
      'setImmediate',
      'electron',
      '__dirname',
    ]
    return names.filter((name) => name in globalThis)
  })
  expect(found).toEqual([])
  const bridge = await page.evaluate(() => {
    const { guardhouse } = window
    if (guardhouse === undefined) return null
    const { facts } = guardhouse
    return {
      surface: Object.entries(guardhouse)
        .map(([name, value]) => `${name}: ${typeof value}`)
        .sort(),
      facts,
      frozen: Object.isFrozen(guardhouse) && Object.isFrozen(facts),
    }
  })
  expect(bridge).toEqual({
    surface: [
      'chooseFolder: function',
      'connect: function',
      'facts: object',
      'onMenuCommand: function',
      'onOpenRoute: function',
      'setTheme: function',
    ],
    facts: { platform: process.platform, host: 'desktop' },
    frozen: true,
  })
})

test('item 20: a listener of the menu gets the command and nothing else', async ({ desktop }) => {
  await desktop.page.evaluate(() => {
    const received: unknown[][] = []
    Object.assign(window, { received })
    window.guardhouse?.onMenuCommand((...given) => received.push(given))
  })
  await desktop.chooseMenuItem('go.settings')
  await expect
    .poll(() => desktop.page.evaluate(() => (window as unknown as { received: unknown[][] }).received))
    .toEqual([['go.settings']])
})

test('item 5: every permission is denied but copying text', async ({ desktop, problems }) => {
  problems.allow(/Permissions policy violation/)
  const { page } = desktop
  const outcome = await page.evaluate(async () => {
    const geolocation = await new Promise<string>((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('granted'),
        ({ code }) => resolve(code === GeolocationPositionError.PERMISSION_DENIED ? 'denied' : `error ${code}`),
      ),
    )
    const refused = (attempt: Promise<unknown>) =>
      attempt.then(
        () => 'granted',
        // Another name where the machine has no such device at all.
        () => 'denied',
      )
    return {
      geolocation,
      notifications: await Notification.requestPermission(),
      microphone: await refused(navigator.mediaDevices.getUserMedia({ audio: true })),
      readingTheClipboard: await refused(navigator.clipboard.readText()),
    }
  })
  expect(outcome).toEqual({
    geolocation: 'denied',
    notifications: 'denied',
    microphone: 'denied',
    readingTheClipboard: 'denied',
  })
  await page.bringToFront()
  await page.getByRole('main').click()
  expect(await page.evaluate(() => navigator.clipboard.writeText('copied').then(() => 'copied'))).toBe('copied')
})

test('item 12: a webview is an element without a meaning', async ({ desktop }) => {
  const loads = await desktop.page.evaluate(() => {
    const element = document.createElement('webview')
    element.setAttribute('src', 'https://example.com/')
    document.body.append(element)
    return 'loadURL' in element
  })
  expect(loads).toBe(false)
  const contents = await desktop.application.evaluate(({ webContents }) => webContents.getAllWebContents().length)
  expect(contents).toBe(1)
})

test('item 13: nothing takes the window away from our page', async ({ desktop, problems }) => {
  problems.allow(/Not allowed to (load local resource|navigate top frame to data URL)/)
  const { page } = desktop
  const before = page.url()
  for (const address of ['https://example.com/', 'http://127.0.0.1:9/', 'file:///etc/hosts', 'data:text/html,hello']) {
    await page.evaluate((target) => {
      const link = document.createElement('a')
      link.href = target
      document.body.append(link)
      link.click()
      link.remove()
    }, address)
  }
  // A navigation that was let through would have begun before this answer.
  await new GuardhouseWindow(page).goTo('Settings')
  expect(new URL(page.url()).host).toBe(new URL(before).host)
  await new GuardhouseWindow(page).expectConnected()
})

test('items 14, 15: no window opens, and only a known site is handed to the browser', async ({ desktop }) => {
  await desktop.application.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = async (url) => void opened.push(url)
  })
  const returned = await desktop.page.evaluate(() => [
    window.open('https://example.com/'),
    window.open('app://guardhouse/index.html'),
    window.open('https://nodejs.org/api/worker_threads.html'),
  ])
  expect(returned).toEqual([null, null, null])
  const state = () =>
    desktop.application.evaluate(({ BrowserWindow }) => ({
      windows: BrowserWindow.getAllWindows().length,
      opened: (globalThis as unknown as { opened: string[] }).opened,
    }))
  await expect.poll(state).toEqual({ windows: 1, opened: ['https://nodejs.org/api/worker_threads.html'] })
})

test('item 17: a frame inside the page gets no answer from the shell', async ({ desktop }) => {
  const inside = await desktop.page.evaluate(async () => {
    const frame = document.createElement('iframe')
    document.body.append(frame)
    const reached = frame.contentWindow as (Window & { guardhouse?: unknown }) | null
    return typeof reached?.guardhouse
  })
  expect(inside).toBe('undefined')
})
