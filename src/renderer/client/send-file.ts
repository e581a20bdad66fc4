import { type ErrorData, fromErrorData, GuardhouseError } from '../../shared/errors.ts'
import { takeSecret } from './secret.ts'

/**
 * Sends a trace file to the host as it lies on the disk: its bytes never come into the page. Resolves with the run that it
 * became; rejects with what the host says, and when it is stopped. `onSent` hears which share of it is on its way.
 */
export type SendFile = (file: File, stop: AbortSignal, onSent: (share: number) => void) => Promise<string>

/** Null in the desktop app, which has no server: there a file goes in messages. */
export function chooseSendFile(page: Window): SendFile | null {
  if (page.guardhouse !== undefined) return null
  const secret = takeSecret({ location: page.location, history: page.history, storage: page.sessionStorage })
  return secret === null ? null : (file, stop, onSent) => post(file, secret, stop, onSent)
}

/** By XMLHttpRequest, for `fetch` does not tell how much has been sent. */
function post(file: File, secret: string, stop: AbortSignal, onSent: (share: number) => void): Promise<string> {
  const request = new XMLHttpRequest()
  request.open('POST', `/import?name=${encodeURIComponent(file.name)}`)
  request.setRequestHeader('authorization', `Bearer ${secret}`)
  const abort = () => request.abort()
  stop.addEventListener('abort', abort)
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  request.upload.onprogress = ({ loaded, total }) => onSent(loaded / Math.max(1, total))
  request.onabort = () => reject(new GuardhouseError('stopped', 'it was cancelled'))
  request.onerror = () => reject(new GuardhouseError('disconnected', 'the host stopped answering'))
  request.onload = () => {
    const { run, error } = answerOf(request)
    if (run === undefined) reject(error === undefined ? unexpected(request) : fromErrorData(error))
    else resolve(run)
  }
  request.send(file)
  return promise.finally(() => stop.removeEventListener('abort', abort))
}

function answerOf({ responseText }: XMLHttpRequest): { readonly run?: string; readonly error?: ErrorData } {
  try {
    return JSON.parse(responseText)
  } catch {
    // It is a sentence, of which `unexpected` tells.
    return {}
  }
}

function unexpected({ status, responseText }: XMLHttpRequest): GuardhouseError {
  return new GuardhouseError('internal', `the host answered ${status}: ${responseText.slice(0, 200)}`)
}
