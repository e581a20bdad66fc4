import { request, sendRaw } from './raw-socket.ts'
import { expect, test } from './served-test.ts'

test('a malformed message gets one clear error, and nobody else notices', async ({ host, page, window }) => {
  const events = await sendRaw(page, host.address, [
    '{"not json',
    '[]',
    '{"jsonrpc":"1.0","id":1,"method":"system.info"}',
    request('system.halt'),
    request('tokens.get', { identity: 'x' }),
    request('tokens.query', { limit: -1 }),
    request('tokens.submit', { operation: 'no such operation' }),
  ])
  expect(events.map(({ message }) => message?.error?.code)).toEqual([
    -32700, -32600, -32600, -32601, -32602, -32602, -32000,
  ])
  for (const { message } of events) expect(message?.error?.message).not.toBe('')
  await window.expectConnected()
})

test('a binary message ends its own connection only', async ({ host, page, window }) => {
  expect(await sendRaw(page, host.address, [[1, 2, 3]])).toEqual([{ closed: 1003 }])
  await window.expectConnected()
})

test('a message of 50 MB is answered, one beyond 64 MiB ends its connection', async ({ host, page, window }) => {
  const submission = request('tokens.submit', { operation: 'at-once', arguments: ['@'] })
  const [answer] = await sendRaw(page, host.address, [submission], 50_000_000)
  expect(answer).toMatchObject({ message: { result: { id: expect.any(String) } } })
  expect(await sendRaw(page, host.address, [submission], 68_000_000)).toEqual([{ closed: 1009 }])
  await window.expectConnected()
})
