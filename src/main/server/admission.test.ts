import { afterEach, beforeEach, expect, test } from 'vitest'
import { closed, dial, get, opened, refused, ServerFixture } from './server.fixture.ts'

let fixture: ServerFixture

beforeEach(async () => {
  fixture = await ServerFixture.create()
})

afterEach(async () => {
  await fixture[Symbol.asyncDispose]()
})

test.each([['evil.example'], ['127.0.0.1:1'], ['localhost'], ['127.0.0.1.evil.example:80']])(
  'a rebound name in Host is refused: %s',
  async (host) => {
    const server = await fixture.start()
    for (const path of ['/', '/healthz']) expect((await get(server, path, { host })).status).toBe(403)
    expect(await refused(dial(server, { headers: { host } }))).toBe(403)
    expect(fixture.peers).toEqual([])
  },
)

test.each([['http://evil.example'], ['null'], ['https://127.0.0.1'], ['file://']])(
  'a forged Origin is refused even with the right secret: %s',
  async (origin) => {
    const server = await fixture.start()
    expect((await get(server, '/', { origin })).status).toBe(403)
    expect(await refused(dial(server, { origin }))).toBe(403)
    expect(fixture.peers).toEqual([])
  },
)

test('both of its own names and its own origin may connect', async () => {
  const server = await fixture.start()
  const { port } = new URL(server.url)
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
    expect((await get(server, '/', { host, origin: `http://${host}` })).status).toBe(200)
    const client = await opened(dial(server, { headers: { host }, origin: `http://${host}` }))
    expect(client.protocol).toBe('guardhouse')
    client.close()
  }
})

test.each([
  ['wrong', 'x'.repeat(43)],
  ['missing', ''],
])('a client whose secret is %s is told so by close code 4401 and reaches nobody', async (_what, secret) => {
  const server = await fixture.start()
  const client = dial(server, { secret })
  client.on('open', () => client.send('tokens.query'))
  expect(await closed(client)).toEqual({ code: 4401, reason: 'wrong secret' })
  expect(fixture.peers).toEqual([])
  expect(server.clients).toBe(0)
})

test('many wrong secrets are refused without an upgrade, and the right one still gets in', async () => {
  const server = await fixture.start()
  const statuses: (number | 'accepted')[] = []
  for (let attempt = 0; attempt < 25; attempt++) {
    const client = dial(server, { secret: 'guess' })
    statuses.push(await Promise.race([refused(client), closed(client).then(() => 'accepted' as const)]))
  }
  expect(statuses.slice(0, 20).every((status) => status === 'accepted')).toBe(true)
  expect(statuses.slice(20)).toEqual([429, 429, 429, 429, 429])
  const client = await opened(dial(server))
  client.close()
})
