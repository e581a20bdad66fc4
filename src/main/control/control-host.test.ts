import { once } from 'node:events'
import { expect, test } from 'vitest'
import { findEntries } from '../entries.ts'
import { type ControlHost, startControl } from './control-host.ts'
import type { ControlInit, Peer } from './control-protocol.ts'

const init: ControlInit = {
  options: {},
  host: 'server',
  readOnly: false,
  workspace: null,
  journal: null,
  stateDirectory: '/nowhere',
}
const peer: Peer = { kind: 'window', name: 'window', readOnly: false }

/** Starts a thread that runs `code` instead of the real control thread. */
function start(code: string): Promise<ControlHost> {
  const text = `import { parentPort, workerData } from 'node:worker_threads'; ${code}`
  const control = new URL(`data:text/javascript,${encodeURIComponent(text)}`)
  return startControl(init, { ...findEntries(), control })
}

const ready = `parentPort.postMessage({ type: 'ready' });`
const report = { completed: 3, killed: 1 }
const stopWhenAsked = `parentPort.on('message', (message) => {
  if (message.type === 'shutdown') parentPort.postMessage({ type: 'stopped', report: ${JSON.stringify(report)} })
});`

test('the thread gets what it starts with', async () => {
  const host = await start(`
    if (workerData.init.host === 'server' && workerData.entries.worker.startsWith('file:')) ${ready} ${stopWhenAsked}`)
  await expect(host.shutdown({ mode: 'abort' })).resolves.toEqual(report)
})

test('a start that fails says why, with kind and hint', async () => {
  const error = { kind: 'bad-request', message: 'option mailboxMax is 0, allowed is 1 to 4096', hint: 'Change it.' }
  const failing = start(`parentPort.postMessage({ type: 'failed', error: ${JSON.stringify(error)} })`)
  await expect(failing).rejects.toMatchObject(error)
})

test.each([
  ['throws', `throw new RangeError('out of range')`, 'an error that nothing caught: out of range'],
  ['exits', 'process.exit(7)', 'it ended with code 7'],
  ['does not parse', 'const = ;', 'an error that nothing caught'],
])('a thread that %s before it is ready fails the start with the cause', async (_name, code, message) => {
  await expect(start(code)).rejects.toMatchObject({ kind: 'internal', message: expect.stringContaining(message) })
})

test('a thread that dies later is reported once, and then serves nobody', async () => {
  const host = await start(`${ready} parentPort.on('message', () => { throw new Error('broken') })`)
  const causes: unknown[] = []
  host.onExit((cause) => causes.push(cause))
  const port = host.connect(peer)
  await once(port, 'close')
  await expect.poll(() => causes).toHaveLength(1)
  expect(causes).toMatchObject([{ kind: 'internal', message: expect.stringContaining('broken') }])
  expect(() => host.connect(peer)).toThrow('broken')
  await expect(host.shutdown({ mode: 'abort' })).rejects.toThrow('broken')
})

test('a thread that dies while it shuts down fails the shutdown, and is not reported a second time', async () => {
  const host = await start(`${ready} parentPort.on('message', () => process.exit(9))`)
  const causes: unknown[] = []
  host.onExit((cause) => causes.push(cause))
  await expect(host.shutdown({ mode: 'drain' })).rejects.toThrow('code 9')
  expect(causes).toEqual([])
})

test('shutting down twice is shutting down once', async () => {
  const host = await start(`${ready} ${stopWhenAsked}`)
  const first = host.shutdown({ mode: 'drain', deadlineMs: 1000 })
  expect(host.shutdown({ mode: 'abort' })).toBe(first)
  await expect(first).resolves.toEqual(report)
})

test('a connection reaches the thread with the name of its peer', async () => {
  const host = await start(`${ready} parentPort.on('message', ({ type, port, peer }) => {
    if (type === 'connect') port.postMessage(peer)
  }); ${stopWhenAsked}`)
  const port = host.connect(peer)
  const [message] = await once(port, 'message')
  expect(message).toEqual(peer)
  await host.shutdown({ mode: 'abort' })
})
