import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findChromium } from '../electron-stand-in/chromium/executable.ts'
import { expect, failedSocket, test } from './served-test.ts'

const reboundName = 'rebound.example'

test.use({
  launchOptions: {
    executablePath: findChromium(),
    // Resolves the name to this machine, as a page does that rebinds its own name.
    args: ['--no-sandbox', `--host-resolver-rules=MAP ${reboundName} 127.0.0.1`],
  },
})

/** A page of somebody else on this machine. */
async function foreignPage(html: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const server: Server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('a page from another origin cannot connect, even with the secret', async ({ page, host, problems }) => {
  problems.allow(failedSocket)
  await using foreign = await foreignPage('<title>foreign</title>')
  await page.goto(foreign.url)
  const code = await page.evaluate(
    ({ url, secret }) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`${url.replace('http', 'ws')}/rpc`, ['guardhouse', `secret.${secret}`])
        socket.onclose = (event) => resolve(event.code)
        socket.onmessage = () => resolve(0)
      }),
    host.address,
  )
  expect(code).toBe(1006)
})

test('a page from another origin can neither read nor frame the window', async ({ page, host, problems }) => {
  problems.allow(/CORS|ERR_FAILED|ERR_BLOCKED|frame-ancestors|403/)
  await using foreign = await foreignPage(`<iframe src="${host.address.openUrl}"></iframe>`)
  await page.goto(foreign.url)
  const read = await page.evaluate(
    (url) =>
      fetch(url).then(
        () => 'read',
        () => 'refused',
      ),
    `${host.address.url}/healthz`,
  )
  expect(read).toBe('refused')
  await expect(page.frameLocator('iframe').getByText('Guard house')).toHaveCount(0)
})

test('a name that somebody points at this machine opens nothing', async ({ page, host, problems }) => {
  problems.allow(/403|origin was untrustworthy/)
  const answer = await page.goto(`http://${reboundName}:${host.port}/#secret=${host.address.secret}`)
  expect(answer?.status()).toBe(403)
  await expect(page.locator('body')).toContainText('Refused: the Host header does not name this server.')
})

test('another address of this machine does not answer', async ({ page, host, problems }) => {
  problems.allow(/ERR_CONNECTION_REFUSED/)
  await expect(page.goto(`http://127.0.0.2:${host.port}/`)).rejects.toThrow('ERR_CONNECTION_REFUSED')
})
