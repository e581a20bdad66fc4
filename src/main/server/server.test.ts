import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ServerFixture } from './server.fixture.ts'

let fixture: ServerFixture

beforeEach(async () => {
  fixture = await ServerFixture.create()
})

afterEach(async () => {
  await fixture[Symbol.asyncDispose]()
})

test('it publishes itself for its user alone, cleans up after hosts that died, and takes its file away', async () => {
  const hosts = join(fixture.directory, 'state', 'hosts')
  await mkdir(hosts, { recursive: true })
  const dead = '2147483646'
  await writeFile(join(hosts, `${dead}.json`), '{}')
  await writeFile(join(hosts, `.${dead}-00ff.draft`), '{')
  await writeFile(join(hosts, 'note.txt'), 'not ours')
  const server = await fixture.start({ workspace: '/somewhere' })
  expect(await readdir(hosts)).toEqual([`${process.pid}.json`, 'note.txt'])
  const path = join(hosts, `${process.pid}.json`)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    pid: process.pid,
    url: server.url,
    secret: server.secret,
    host: 'server',
    startedAt: expect.any(Number),
    workspace: '/somewhere',
  })
  await server.close()
  expect(existsSync(path)).toBe(false)
})

test('the secret has 256 bits and stands in the fragment only', async () => {
  const server = await fixture.start()
  expect(Buffer.from(server.secret, 'base64url')).toHaveLength(32)
  expect(server.openUrl).toBe(`${server.url}/#secret=${server.secret}`)
})

test.each([['0.0.0.0'], ['::'], ['192.168.1.5'], ['example.org'], ['']])(
  'it refuses to listen on anything but loopback: "%s"',
  async (address) => {
    await expect(fixture.start({ address })).rejects.toMatchObject({
      kind: 'bad-request',
      message: `Guardhouse listens on 127.0.0.1 only, not on "${address}"`,
    })
  },
)

test('an asked port that is taken is an error; the usual one makes way for any free one', async () => {
  const first = await fixture.start()
  const port = Number(new URL(first.url).port)
  await expect(fixture.start({ port })).rejects.toMatchObject({
    kind: 'conflict',
    message: `port ${port} is taken by another program`,
  })
  const usual = await fixture.start({ port: undefined })
  const other = await fixture.start({ port: undefined })
  expect(other.url).not.toBe(usual.url)
})

test('it can be reached on loopback only', async () => {
  const server = await fixture.start()
  const { port } = new URL(server.url)
  const failure = await new Promise<string>((resolve) => {
    const socket = connectSocket({ port: Number(port), host: '127.0.0.2' })
    socket.on('connect', () => resolve('connected'))
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.message))
  })
  expect(failure).toBe('ECONNREFUSED')
})
