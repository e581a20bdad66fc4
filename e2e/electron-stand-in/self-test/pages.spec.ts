import { writeFile } from 'node:fs/promises'
import { expect, test } from './self-test.ts'

test('a page sees what the preload exposes and nothing else of it', async ({ page }) => {
  const globals = await page.evaluate(() =>
    ['require', 'process', 'module', 'secretOfThePreload'].filter((name) => name in window),
  )
  expect(globals).toEqual([])
  const standInNames = await page.evaluate(() =>
    Object.getOwnPropertyNames(window).filter((name) => /standin/i.test(name)),
  )
  expect(standInNames).toEqual([])
  expect(await page.evaluate(() => selfTest.facts)).toEqual({
    platform: process.platform,
    sandboxed: true,
    fs: 'module not found: node:fs',
  })
})

test('what is exposed is frozen, and its functions answer at once', async ({ page }) => {
  const results = await page.evaluate(() => ({
    frozen: Object.isFrozen(selfTest) && Object.isFrozen(selfTest.facts),
    sum: selfTest.addNow(1, 2),
    callback: selfTest.call((text) => `${text} and back`),
  }))
  expect(results).toEqual({ frozen: true, sum: 3, callback: 'from the preload and back' })
})

test('an error thrown in the preload reaches the page as it is', async ({ page }) => {
  const caught = await page.evaluate(() => {
    try {
      return selfTest.fail()
    } catch (error) {
      return [error instanceof RangeError, (error as Error).message]
    }
  })
  expect(caught).toEqual([true, 'thrown in the preload'])
})

test('values cross to the main process and back as the structured clone keeps them', async ({ page }) => {
  const kept = await page.evaluate(async () => {
    const shared = { name: 'shared' }
    const original = {
      undefined: undefined,
      numbers: [Number.NaN, Number.NEGATIVE_INFINITY, -0],
      big: 2n ** 70n,
      date: new Date(1234),
      pattern: /a+/gi,
      map: new Map<unknown, unknown>([[{ key: 1 }, new Set([1, 'two'])]]),
      bytes: new Uint8Array([1, 2, 3]),
      floats: new Float64Array([0.5, -1]),
      buffer: new Uint8Array([9, 8]).buffer,
      error: new RangeError('too far', { cause: 'the cause' }),
      twice: [shared, shared],
      itself: null as unknown,
    }
    original.itself = original
    const copy = (await selfTest.echo(original)) as typeof original
    return {
      keys: Object.keys(copy).length === Object.keys(original).length && copy.undefined === undefined,
      numbers: copy.numbers.map((number) => Object.is(number, -0) || String(number)),
      big: copy.big === original.big,
      date: copy.date.getTime(),
      pattern: String(copy.pattern),
      map: [...copy.map].map(([key, value]) => [JSON.stringify(key), [...(value as Set<unknown>)]]),
      bytes: copy.bytes instanceof Uint8Array && [...copy.bytes],
      floats: copy.floats instanceof Float64Array && [...copy.floats],
      buffer: copy.buffer instanceof ArrayBuffer && [...new Uint8Array(copy.buffer)],
      error: [copy.error instanceof RangeError, copy.error.message, copy.error.cause],
      twice: copy.twice[0] === copy.twice[1],
      itself: copy.itself === copy,
    }
  })
  expect(kept).toEqual({
    keys: true,
    numbers: ['NaN', '-Infinity', true],
    big: true,
    date: 1234,
    pattern: '/a+/gi',
    map: [['{"key":1}', [1, 'two']]],
    bytes: [1, 2, 3],
    floats: [0.5, -1],
    buffer: [9, 8],
    error: [true, 'too far', 'the cause'],
    twice: true,
    itself: true,
  })
})

test('the main process gets real values of its own', async ({ page }) => {
  const text = await page.evaluate(() => selfTest.inspect([new Map([[1, new Date(0)]]), new Float32Array([0.5]), 5n]))
  expect(text).toBe('[ Map(1) { 1 => 1970-01-01T00:00:00.000Z }, Float32Array(1) [ 0.5 ], 5n ]')
})

test('what cannot be cloned is refused', async ({ page }) => {
  const refusals = await page.evaluate(() => {
    const refusal = async (value: unknown) => {
      try {
        return await selfTest.echo(value)
      } catch (error) {
        return (error as Error).message
      }
    }
    return Promise.all([refusal(document.body), refusal(new SharedArrayBuffer(8)), refusal(Symbol.iterator)])
  })
  for (const refusal of refusals) expect(refusal).toMatch(/could not be cloned/)
})

test('a handler that throws, or is missing, rejects with the words of Electron', async ({ page }) => {
  const messages = await page.evaluate(() => {
    const message = (channel: string) => selfTest.invoke(channel).then(String, (error: Error) => error.message)
    return Promise.all([message('fail'), message('nobody'), message('once')])
  })
  expect(messages).toEqual([
    "Error invoking remote method 'fail': TypeError: boom",
    "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
    'only once',
  ])
  await expect(page.evaluate(() => selfTest.invoke('once'))).rejects.toThrow("No handler registered for 'once'")
})

test('the main process knows who asks by the address of the application', async ({ application, page }) => {
  await page.evaluate(() => selfTest.echo('hello'))
  expect(await application.evaluate(() => selfTestMain.senders)).toEqual([
    { url: 'app://self-test/index.html', origin: 'app://self-test', parent: null, window: 1 },
  ])
})

test('messages of the main process arrive in order', async ({ application, page }) => {
  await page.evaluate(() => {
    const received: unknown[] = []
    Object.assign(window, { received })
    selfTest.on('count', (number) => received.push(number))
  })
  await application.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    for (let number = 0; number < 500; number++) window?.webContents.send('count', number)
  })
  const received = () => page.evaluate(() => (window as unknown as { received: number[] }).received)
  await expect.poll(async () => (await received()).length).toBe(500)
  expect(await received()).toEqual(Array.from({ length: 500 }, (_, number) => number))
})

test('the content security policy of the app scheme holds, and the page is isolated', async ({ page }) => {
  await expect(page.locator('#inline')).toHaveText('An inline script did not run.')
  const facts = await page.evaluate(async () => ({
    crossOriginIsolated,
    isSecureContext,
    sharedMemory: new SharedArrayBuffer(8).byteLength,
    outside: await fetch('http://elsewhere.test.localhost/').catch((error: Error) => error.name),
  }))
  expect(facts).toEqual({ crossOriginIsolated: true, isSecureContext: true, sharedMemory: 8, outside: 'TypeError' })
})

test('the handler of a scheme gets the request as the application wrote it', async ({ page }) => {
  const answer = await page.evaluate(async () =>
    (await fetch('/answer?now', { method: 'POST', body: 'a question' })).json(),
  )
  expect(answer).toEqual({ method: 'POST', url: 'app://self-test/answer?now', body: 'a question' })
  expect(await page.evaluate(async () => (await fetch('/absent.txt')).status)).toBe(404)
})

test('the fault of a preload is printed and costs the page nothing else', async ({ application, page, dataFolder }) => {
  const preload = `${dataFolder}/faulty-preload.cjs`
  await writeFile(preload, '\nnoSuchName()\n')
  const faults = await application.evaluate(async ({ BrowserWindow }, file) => {
    const window = new BrowserWindow({ webPreferences: { preload: file } })
    const fault = new Promise((resolve) => {
      window.webContents.once('preload-error', (_event, path, error) => resolve([path, error.message, error.stack]))
    })
    await window.loadURL('app://self-test/index.html')
    return fault as Promise<[string, string, string]>
  }, preload)
  expect(faults[0]).toBe(preload)
  expect(faults[1]).toContain('noSuchName is not defined')
  expect(faults[2]).toContain('faulty-preload.cjs:2:1')
  await expect(page.locator('h1')).toBeVisible()
})
