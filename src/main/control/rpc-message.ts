import {
  invalidRequestCode,
  jsonRpcVersion,
  parseErrorCode,
  type RequestMessage,
  type ResponseMessage,
  requestMessage,
} from '../../shared/contract/wire.ts'
import { type ErrorData, GuardhouseError, toErrorData } from '../../shared/errors.ts'
import { describeIssue } from './input-error.ts'

/** How messages travel on a connection: JSON text over a socket, structured-cloned objects to a window. */
export type WireForm = 'text' | 'objects'

export type ReadResult = { readonly request: RequestMessage } | { readonly refusal: ResponseMessage }

/** Reads whatever arrived. What is not a JSON-RPC 2.0 request becomes the answer that says so. Never throws. */
export function readMessage(raw: unknown, form: WireForm): ReadResult {
  let message = raw
  if (form === 'text') {
    if (typeof raw !== 'string') return refuse(parseErrorCode, null, 'a message must be JSON text, not binary data')
    try {
      message = JSON.parse(raw)
    } catch (error) {
      return refuse(parseErrorCode, null, `the message is not JSON: ${(error as SyntaxError).message}`)
    }
  }
  if (Array.isArray(message)) return refuse(invalidRequestCode, null, 'batches are not supported: send each call alone')
  if (typeof message !== 'object' || message === null) {
    return refuse(
      invalidRequestCode,
      null,
      `a message must be an object, not ${message === null ? 'null' : typeof message}`,
    )
  }
  const parsed = requestMessage.safeParse(message)
  if (parsed.success) return { request: parsed.data }
  const [issue] = parsed.error.issues
  return refuse(invalidRequestCode, idOf(message), issue === undefined ? 'not a request' : describeIssue(issue))
}

export function errorResponse(id: RequestMessage['id'] | null, error: ErrorData, code: number): ResponseMessage {
  return { jsonrpc: jsonRpcVersion, id: id ?? null, error: { code, message: error.message, data: error } }
}

/** Kinds whose stack leads to the fault. Of the others it shows only where in the host they were refused. */
const kindsWithStack: readonly ErrorData['kind'][] = ['internal', 'operation-failed', 'module-failed']

/** What was thrown, as a peer gets it. */
export function publicError(thrown: unknown): ErrorData {
  const error = toErrorData(thrown)
  return kindsWithStack.includes(error.kind) ? error : { ...error, stack: undefined }
}

function refuse(code: number, id: RequestMessage['id'] | null, message: string): ReadResult {
  const error = new GuardhouseError('bad-request', message, {
    hint: 'Send {"jsonrpc":"2.0","id":1,"method":"system.info","params":{}}, one object per message.',
  })
  return { refusal: errorResponse(id, publicError(error), code) }
}

/** An answer names the question even when the rest of it is wrong. */
function idOf(message: object): RequestMessage['id'] | null {
  const id = 'id' in message ? message.id : null
  return typeof id === 'number' || typeof id === 'string' ? id : null
}
