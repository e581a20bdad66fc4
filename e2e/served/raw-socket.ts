import type { Page } from '@playwright/test'
import type { Announcement } from './served-process.ts'

/** One thing that a raw socket got: a message, or its end. */
export interface RawEvent {
  readonly message?: { readonly result?: unknown; readonly error?: { readonly code: number; readonly message: string } }
  readonly closed?: number
}

/** Sends texts from inside the page, past the window, and returns as many events as there were texts. */
export function sendRaw(
  page: Page,
  { secret }: Announcement,
  texts: readonly (string | number[])[],
): Promise<RawEvent[]> {
  return page.evaluate(
    ({ secret, texts }) =>
      new Promise<RawEvent[]>((resolve) => {
        const events: RawEvent[] = []
        const note = (event: RawEvent) => {
          events.push(event)
          if (events.length === texts.length) resolve(events)
        }
        const socket = new WebSocket(`ws://${location.host}/rpc`, ['guardhouse', `secret.${secret}`])
        socket.onmessage = ({ data }) => note({ message: JSON.parse(data) })
        socket.onclose = ({ code }) => note({ closed: code })
        socket.onopen = () => {
          for (const text of texts) socket.send(typeof text === 'string' ? text : new Uint8Array(text))
        }
      }),
    { secret, texts },
  )
}

/** A request as text. */
export function request(method: string, params: object = {}, id = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params })
}
