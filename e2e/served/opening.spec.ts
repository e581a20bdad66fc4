import { chmod, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ServedProcess } from './served-process.ts'
import { expect, openWindow, test } from './served-test.ts'

test('the printed address opens the window, and the secret leaves the address bar', async ({ host, page, window }) => {
  await window.expectPage('Guard house')
  expect(page.url()).not.toContain(host.address.secret)
  expect(page.url().startsWith(`${host.address.url}/`)).toBe(true)
})

test('the page is isolated from others and loads nothing from elsewhere', async ({ host, page, problems: _ }) => {
  const urls: string[] = []
  page.on('request', (request) => urls.push(request.url()))
  await openWindow(page, host.address.openUrl)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  expect(urls.filter((url) => !url.startsWith(`${host.address.url}/`))).toEqual([])
  expect(urls.join()).not.toContain(host.address.secret)
})

test('a reload keeps the connection', async ({ page, window }) => {
  await page.reload()
  await window.expectConnected()
})

test('without the secret the page says how to get in', async ({ page, host, problems: _ }) => {
  await page.goto(host.address.url)
  await expect(page.getByRole('alert')).toContainText('this page was opened without the secret of its host')
  await expect(page.getByRole('alert')).toContainText('Open the whole address that the host printed')
})

test('with a wrong secret the page says so, and does not go on trying', async ({ page, host, problems: _ }) => {
  let attempts = 0
  page.on('websocket', () => {
    attempts += 1
  })
  await page.goto(`${host.address.url}/#secret=${'x'.repeat(43)}`)
  await expect(page.getByRole('alert')).toContainText('this page belongs to an earlier start of the host')
  expect(attempts).toBe(1)
})

test('the right address opens the window after a wrong one', async ({ page, host, problems: _ }) => {
  await page.goto(`${host.address.url}/#secret=${'x'.repeat(43)}`)
  await expect(page.getByRole('alert')).toBeVisible()
  await page.goto('about:blank')
  await openWindow(page, host.address.openUrl)
})

test('two windows of one host see the same', async ({ window, page, host, context }) => {
  const second = await openWindow(await context.newPage(), host.address.openUrl)
  await page.getByRole('button', { name: 'Pause' }).first().click()
  await window.expectConnected()
  await expect(second.page.getByRole('button', { name: 'Resume' }).first()).toBeVisible()
})

test('a browser is started with an address that works once and does not hold the secret', async ({
  page,
  stateDirectory,
  problems,
}) => {
  // The page of a used ticket is plain text, for which a browser looks for an icon in vain.
  problems.allow(/410|404/)
  const record = path.join(stateDirectory, 'browser-arguments')
  const browser = path.join(stateDirectory, 'browser')
  await writeFile(browser, `#!/bin/sh\nprintf '%s\\n' "$@" > '${record}.draft' && mv '${record}.draft' '${record}'\n`)
  await chmod(browser, 0o755)
  const environment = { GUARDHOUSE_BROWSER: browser, DISPLAY: ':made-up' }
  await using host = await ServedProcess.start(stateDirectory, ['--open'], environment)
  await expect(async () => await readFile(record)).toPass()
  const words = await readFile(record, 'utf8')
  expect(words).not.toContain(host.address.secret)
  expect(words).toContain(`--user-data-dir=${stateDirectory}`)
  const url = /--app=(\S+)/.exec(words)?.[1] ?? ''
  await openWindow(page, url)
  const again = await page.goto(url)
  expect(again?.status()).toBe(410)
})
