import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { get, ServerFixture } from './server.fixture.ts'

let fixture: ServerFixture

beforeEach(async () => {
  fixture = await ServerFixture.create()
})

afterEach(async () => {
  await fixture[Symbol.asyncDispose]()
})

test('it serves the window with strict headers, the page never stored and hashed files for ever', async () => {
  const server = await fixture.start()
  const page = await get(server, '/')
  expect(page.status).toBe(200)
  expect(page.body).toContain('Guardhouse')
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
  expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
  const script = await get(server, '/assets/app-1a2b.js?x=1')
  expect(script.headers['cache-control']).toContain('immutable')
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
  expect((await get(server, '/empty.css')).body).toBe('')
  const head = await get(server, '/index.html', {}, 'HEAD')
  expect([head.status, head.body]).toEqual([200, ''])
})

test.each([
  '/../outside.html',
  '/%2e%2e/outside.html',
  '/..%2foutside.html',
  '/assets/../../outside.html',
  '/..%5coutside.html',
  '/link.html',
  '/%00',
  '/%zz',
  '/assets',
  '/notes.secret',
  '/nothing.html',
  '//etc/passwd',
  `/${'a'.repeat(5000)}.html`,
])('it serves nothing but the files of the window: %s', async (path) => {
  const server = await fixture.start()
  const answer = await get(server, path)
  expect(answer.status).toBe(404)
  expect(answer.body).not.toContain('outside')
})

test('it says so when the window is not built, and answers only GET and HEAD', async () => {
  const server = await fixture.start({ rendererDirectory: join(fixture.directory, 'nowhere') })
  const page = await get(server, '/')
  expect(page.status).toBe(503)
  expect(page.body).toContain('npm run build')
  expect((await get(server, '/', {}, 'POST')).status).toBe(405)
})

test('the health check tells no secret', async () => {
  const server = await fixture.start()
  const health = await get(server, '/healthz')
  expect(JSON.parse(health.body)).toEqual({ name: 'guardhouse', status: 'ok', host: 'server', clients: 0 })
})

test('a ticket opens the window once, and the address given to a browser does not hold the secret', async () => {
  const server = await fixture.start()
  const url = server.issueOpenUrl()
  expect(url).not.toContain(server.secret)
  const path = new URL(url).pathname
  expect((await get(server, path, {}, 'HEAD')).status).toBe(410)
  expect(await get(server, path)).toMatchObject({ status: 303, headers: { location: `/#secret=${server.secret}` } })
  expect((await get(server, path)).status).toBe(410)
  expect((await get(server, '/open/made-up')).status).toBe(410)
})
