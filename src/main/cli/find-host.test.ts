import { expect, test } from 'vitest'
import type { HostAnnouncement } from '../sdk/discovery.ts'
import { findHost } from './find-host.ts'

function announced(port: number): HostAnnouncement {
  return { pid: port, url: `http://127.0.0.1:${port}`, secret: `secret-${port}`, host: 'server', startedAt: 0 }
}
const nothing = { url: undefined, secret: undefined }

test('the one host that runs here is meant', () => {
  expect(findHost(nothing, [announced(1)])).toMatchObject({ url: 'http://127.0.0.1:1', secret: 'secret-1' })
})

test('with several it must be said which, so that no command reaches another scheduler by chance', () => {
  expect(() => findHost(nothing, [announced(1), announced(2)])).toThrowError(
    '2 hosts run here: say which one with --url (http://127.0.0.1:1, http://127.0.0.1:2)',
  )
})

test('with none it says how to get one', () => {
  expect(() => findHost(nothing, [])).toThrowError(
    expect.objectContaining({ kind: 'not-found', hint: 'Start one: guardhouse serve' }),
  )
})

test('the secret comes from the option, else from the printed address, else from the announcement', () => {
  const hosts = [announced(1)]
  expect(findHost({ url: 'http://127.0.0.1:1/#secret=printed', secret: 'given' }, hosts).secret).toBe('given')
  expect(findHost({ url: 'http://127.0.0.1:1/#secret=printed', secret: undefined }, hosts)).toEqual({
    url: 'http://127.0.0.1:1',
    secret: 'printed',
  })
  for (const url of ['http://127.0.0.1:1/', 'http://localhost:1']) {
    expect(findHost({ url, secret: undefined }, hosts)).toEqual({ url: 'http://127.0.0.1:1', secret: 'secret-1' })
  }
})

test.each([
  [
    { url: 'http://127.0.0.1:9', secret: undefined },
    'the host at http://127.0.0.1:9 is not one of this user: give its --secret too',
  ],
  [{ url: '127.0.0.1:9', secret: 'x' }, '--url must look like http://127.0.0.1:7417, not "127.0.0.1:9"'],
  [{ url: 'ftp://127.0.0.1', secret: 'x' }, '--url must look like http://127.0.0.1:7417, not "ftp://127.0.0.1"'],
  [{ url: undefined, secret: 'x' }, '--secret needs --url: whose secret is it?'],
])('%j is bad usage', (options, message) => {
  expect(() => findHost(options, [announced(1)])).toThrowError(
    expect.objectContaining({ kind: 'bad-request', message }),
  )
})
