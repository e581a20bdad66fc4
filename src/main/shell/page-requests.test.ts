import type { IpcMain, WebContents } from 'electron'
import { describe, expect, it } from 'vitest'
import { pageAddress } from './page-address.ts'
import { PageRequests } from './page-requests.ts'

type Handler = (event: object, argument: unknown) => unknown
const ourContents = { id: 1 } as WebContents
const ourFrame = { url: 'app://guardhouse/index.html', parent: null }

function router() {
  const handlers = new Map<string, Handler>()
  const ipc = {
    handle: (channel: string, handler: Handler) => void handlers.set(channel, handler),
    removeHandler: (channel: string) => void handlers.delete(channel),
  }
  const requests = new PageRequests(ipc as unknown as IpcMain, pageAddress(), (contents) => contents === ourContents)
  requests.answer('echo', (_contents, argument) => argument)
  return { requests, handlers, ask: (event: object) => handlers.get('echo')?.(event, 'hello') }
}

describe('requests of the page', () => {
  it('are answered to the main frame of our window on our page', () => {
    expect(router().ask({ sender: ourContents, senderFrame: ourFrame })).toBe('hello')
  })

  it.each([
    ['another window', { sender: { id: 2 }, senderFrame: ourFrame }],
    ['a frame inside our page', { sender: ourContents, senderFrame: { ...ourFrame, parent: ourFrame } }],
    ['another address', { sender: ourContents, senderFrame: { ...ourFrame, url: 'https://example.com/' } }],
    ['an empty document', { sender: ourContents, senderFrame: { ...ourFrame, url: 'about:blank' } }],
    ['a frame that is gone', { sender: ourContents, senderFrame: null }],
  ])('are refused to %s', (_who, event) => {
    expect(() => router().ask(event)).toThrow('echo answers only the main frame')
  })

  it('are taken off again on disposal', () => {
    const { requests, handlers } = router()
    requests[Symbol.dispose]()
    expect(handlers.size).toBe(0)
  })
})
