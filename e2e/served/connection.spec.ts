import { ServedProcess } from './served-process.ts'
import { expect, failedSocket, openWindow, test } from './served-test.ts'

test('a connection that breaks off comes back by itself', async ({ page, host, problems: _ }) => {
  const ends: (() => Promise<void>)[] = []
  await page.routeWebSocket('**/rpc*', (socket) => {
    socket.connectToServer()
    ends.push(() => socket.close({ code: 4000, reason: 'the network broke off' }))
  })
  const window = await openWindow(page, host.address.openUrl)
  await ends[0]?.()
  await expect.poll(() => ends.length).toBe(2)
  await window.expectConnected()
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('a host that is stopped says good-bye, and the window shows what it knew last', async ({
  host,
  window,
  page,
  problems,
}) => {
  problems.allow(failedSocket)
  const { code, errors } = await host.stop()
  expect(code).toBe(0)
  expect(errors).toContain('Stopping: running tokens may finish')
  await expect(page.getByRole('alert')).toContainText('Connection lost: ')
  await expect(page.getByRole('alert')).toContainText('Everything below is as it was last known.')
  await window.expectPage('Guard house')
})

/** What a browser logs when a host dies in the middle of something. */
const lostHost = new RegExp(`${failedSocket.source}|ERR_CONNECTION_(RESET|REFUSED)`)

test('a host that is killed is missed at once', async ({ host, page, window, problems }) => {
  problems.allow(lostHost)
  await window.expectConnected()
  await host.cutOff()
  await expect(page.getByRole('alert')).toContainText('Connection lost: ')
  await expect(page.getByRole('status').filter({ hasText: /^Connected$/ })).toHaveCount(0)
})

test('after a restart the old page asks for the new address, and the new address works', async ({
  host,
  page,
  stateDirectory,
  window,
  problems,
}) => {
  problems.allow(lostHost)
  await window.expectConnected()
  await host.cutOff()
  await using restarted = await ServedProcess.start(stateDirectory, ['--port', host.port])
  await expect(page.getByRole('alert')).toContainText('this page belongs to an earlier start of the host')
  await expect(page.getByRole('alert')).toContainText(
    'Open the whole address that the host printed when it last started.',
  )
  await page.goto('about:blank')
  await openWindow(page, restarted.address.openUrl)
})

test('a host that was killed leaves nothing in the way of the next one', async ({
  host,
  stateDirectory,
  page,
  problems: _,
}) => {
  await host.cutOff()
  await using next = await ServedProcess.start(stateDirectory)
  await openWindow(page, next.address.openUrl)
})
