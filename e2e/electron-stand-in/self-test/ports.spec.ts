import { expect, test } from './self-test.ts'

test('a port of the main process is a real DOM port in the page, and carries both ways', async ({
  application,
  page,
}) => {
  await application.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) selfTestMain.givePort(window.webContents)
  })
  await page.waitForFunction(() => selfTestPage.ports.length === 1)
  expect(await page.evaluate(() => selfTestPage.ports[0] instanceof MessagePort)).toBe(true)

  await application.evaluate(() => selfTestMain.ports[0]?.postMessage({ down: new Uint16Array([1, 2]).buffer }))
  await page.waitForFunction(() => selfTestPage.portMessages.length === 1)
  const down = await page.evaluate(() => {
    const { down } = selfTestPage.portMessages[0] as { down: ArrayBuffer }
    return down instanceof ArrayBuffer && [...new Uint16Array(down)]
  })
  expect(down).toEqual([1, 2])

  const left = await page.evaluate(() => {
    const { buffer } = new Uint8Array([7, 8, 9])
    selfTestPage.ports[0]?.postMessage({ up: buffer }, [buffer])
    return buffer.byteLength
  })
  expect(left, 'transferred, not copied').toBe(0)
  const up = () =>
    application.evaluate(() => {
      const [message] = selfTestMain.portMessages as { up: ArrayBuffer }[]
      return message !== undefined && message.up instanceof ArrayBuffer && [...new Uint8Array(message.up)]
    })
  await expect.poll(up).toEqual([7, 8, 9])
})

test('a port of the preload reaches the main process', async ({ application, page }) => {
  await page.evaluate(() => selfTest.sendPort())
  await expect.poll(() => application.evaluate(() => selfTestMain.ports.length)).toBe(1)
  await application.evaluate(() => selfTestMain.ports[0]?.postMessage('from main'))
  await expect
    .poll(() => application.evaluate(() => selfTestMain.portMessages))
    .toEqual([['the preload got', 'from main']])
})

test('a port travels within a message of a port', async ({ application, page }) => {
  await application.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) selfTestMain.givePort(window.webContents)
  })
  await page.waitForFunction(() => selfTestPage.ports.length === 1)
  await page.evaluate(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => selfTestPage.portMessages.push(['through the inner port', data])
    selfTestPage.ports[0]?.postMessage('with a port', [port2])
  })
  await expect.poll(() => application.evaluate(() => selfTestMain.portMessages.length)).toBe(1)
  await application.evaluate(({ MessageChannelMain, BrowserWindow }) => {
    // The self-test keeps messages only; ask the port itself for the next one.
    const [port] = selfTestMain.ports
    port?.once('message', ({ ports }) => ports[0]?.postMessage('hello'))
    return [MessageChannelMain.name, BrowserWindow.name]
  })
  await page.evaluate(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => selfTestPage.portMessages.push(['through the inner port', data])
    selfTestPage.ports[0]?.postMessage('with a port', [port2])
  })
  await page.waitForFunction(() => selfTestPage.portMessages.length === 1)
  expect(await page.evaluate(() => selfTestPage.portMessages)).toEqual([['through the inner port', 'hello']])
})

test('closing either end closes the other', async ({ application, page }) => {
  await application.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) {
      selfTestMain.givePort(window.webContents)
      selfTestMain.givePort(window.webContents)
    }
  })
  await page.waitForFunction(() => selfTestPage.ports.length === 2)
  await page.evaluate(() => selfTestPage.ports[0]?.close())
  await expect.poll(() => application.evaluate(() => selfTestMain.portMessages)).toEqual(['closed'])
  await application.evaluate(() => selfTestMain.ports[1]?.close())
  await expect.poll(() => page.evaluate(() => selfTestPage.portMessages)).toEqual(['closed'])
})

for (const [way, leave] of [
  ['reload', 'reload'],
  ['crash', 'forcefullyCrashRenderer'],
] as const) {
  test(`a ${way} of the page closes its ports in the main process`, async ({ application, page }) => {
    await application.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) selfTestMain.givePort(window.webContents)
    })
    await page.waitForFunction(() => selfTestPage.ports.length === 1)
    await application.evaluate(
      ({ BrowserWindow }, method) => BrowserWindow.getAllWindows()[0]?.webContents[method](),
      leave,
    )
    await expect.poll(() => application.evaluate(() => selfTestMain.portMessages)).toEqual(['closed'])
  })
}

test('every one of many frames of 50 kB passes', async ({ application, page }) => {
  await application.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) selfTestMain.givePort(window.webContents)
  })
  await page.waitForFunction(() => selfTestPage.ports.length === 1)
  const frames = 200
  await page.evaluate((count) => {
    const [port] = selfTestPage.ports
    let received = 0
    if (port === undefined) throw new Error('no port')
    port.onmessage = ({ data }) => {
      received += data instanceof ArrayBuffer && data.byteLength === 50_000 ? 1 : 0
      if (received === count) port.postMessage('all there')
    }
  }, frames)
  const milliseconds = await application.evaluate(async (_electron, count) => {
    const [port] = selfTestMain.ports
    const begin = performance.now()
    for (let sent = 0; sent < count; sent++) port?.postMessage(new ArrayBuffer(50_000))
    await new Promise((resolve) => port?.once('message', resolve))
    return performance.now() - begin
  }, frames)
  const framesPerSecond = Math.round((frames / milliseconds) * 1000)
  test.info().annotations.push({ type: 'frames per second', description: String(framesPerSecond) })
  console.log(`50 kB frames through a port: ${framesPerSecond} per second`)
})
