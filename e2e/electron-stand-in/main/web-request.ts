import { recordCall } from './recorded-calls.ts'

const webRequestEvents = [
  'onBeforeRequest',
  'onBeforeSendHeaders',
  'onSendHeaders',
  'onHeadersReceived',
  'onResponseStarted',
  'onBeforeRedirect',
  'onCompleted',
  'onErrorOccurred',
] as const

type WebRequest = Record<(typeof webRequestEvents)[number], (...args: unknown[]) => void>

/** A session's `webRequest` that takes every listener and calls none. */
export function acceptingWebRequest(): WebRequest {
  const entries = webRequestEvents.map((event) => {
    return [event, (...args: unknown[]) => recordCall('session.webRequest', event, ...args)] as const
  })
  return Object.fromEntries(entries) as WebRequest
}
