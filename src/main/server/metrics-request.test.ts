import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { get, ServerFixture } from './server.fixture.ts'

let fixture: ServerFixture
beforeEach(async () => {
  fixture = await ServerFixture.create()
})
afterEach(async () => {
  await fixture[Symbol.asyncDispose]()
})

/** A control thread that knows one procedure. */
const control = {
  connect() {
    const { port1, port2 } = new MessageChannel()
    port1.on('message', ({ id, method }: { id: number; method: string }) => {
      port1.postMessage({
        jsonrpc: '2.0',
        id,
        result: { contentType: 'text/plain; version=0.0.4', text: `${method} 1\n` },
      })
    })
    port1.unref()
    return port2
  },
}

function bearer(token: string) {
  return { authorization: `Bearer ${token}` }
}

test('metrics are given to whoever has the secret or the scrape token, and to nobody else', async () => {
  const server = await fixture.start({ control, scrapeToken: 'only-for-scraping' })
  for (const token of [server.secret, 'only-for-scraping']) {
    const answer = await get(server, '/metrics', bearer(token))
    expect([answer.status, answer.body]).toEqual([200, 'metrics.scrape 1\n'])
    expect(answer.headers['content-type']).toContain('version=0.0.4')
  }
  const refused = await get(server, '/metrics')
  expect(refused.status).toBe(401)
  expect(refused.headers['www-authenticate']).toContain('Bearer')
  expect((await get(server, '/metrics', bearer('wrong'))).status).toBe(401)
})

test('without a scrape token only the secret opens them, and an empty one opens nothing', async () => {
  const server = await fixture.start({ control, scrapeToken: '' })
  expect((await get(server, '/metrics', { authorization: 'Bearer ' })).status).toBe(401)
  expect((await get(server, '/metrics', bearer(server.secret))).status).toBe(200)
})

test('guessing is slowed down', async () => {
  const server = await fixture.start({ control })
  const answers = await Promise.all(Array.from({ length: 30 }, () => get(server, '/metrics', bearer('guess'))))
  expect(answers.map((answer) => answer.status)).toContain(429)
})
