import type { Page } from '@playwright/test'
import type { Announcement } from './served-process.ts'

/** One thing that a raw socket got: a message, or its end. */
export interface RawEvent {
  readonly message?: { readonly result?: unknown; readonly error?: { readonly code: number; readonly message: string } }
  readonly closed?: number
}

/**
 * Sends messages from inside the page, past the window, and returns as many events as there were messages. Every `@` in a
 * text becomes `padding` letters there, because megabytes take longer into a page than to the host.
 */
export function sendRaw(
  page: Page,
  { secret }: Announcement,
  messages: readonly (string | number[])[],
  padding = 1,
): Promise<RawEvent[]> {
  return page.evaluate(
    ({ secret, messages, padding }) =>
      new Promise<RawEvent[]>((resolve) => {
        const events: RawEvent[] = []
        const note = (event: RawEvent) => {
          events.push(event)
          if (events.length === messages.length) resolve(events)
        }
        const socket = new WebSocket(`ws://${location.host}/rpc`, ['guardhouse', `secret.${secret}`])
        socket.onmessage = ({ data }) => note({ message: JSON.parse(data) })
        socket.onclose = ({ code }) => note({ closed: code })
        socket.onopen = () => {
          for (const message of messages) {
            if (typeof message === 'string') socket.send(message.replaceAll('@', 'x'.repeat(padding)))
            else socket.send(new Uint8Array(message))
          }
        }
      }),
    { secret, messages, padding },
  )
}

/** A request as text. */
export function request(method: string, params: object = {}, id = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params })
}
