import { z } from 'zod'
import type { ErrorData, ErrorKind } from '../errors.ts'

/**
 * JSON-RPC 2.0 (https://www.jsonrpc.org/specification) with streams on top.
 *
 * Over WebSocket a message is one text frame of JSON; over a MessagePort it is the same object, structured-cloned.
 * A stream is opened by calling its name; the answer is `{ subscription }`. Items of a json stream arrive as
 * notifications `stream.item { subscription, item }`; items of a binary stream arrive as one ArrayBuffer: the
 * subscription as unsigned 32-bit little endian, four zero bytes, then the item. Every item of a binary stream uses up
 * one credit; `stream.credit { subscription, credits }` grants more, `stream.close { subscription }` ends it. The host
 * ends one with `stream.ended { subscription }`.
 */
export const jsonRpcVersion = '2.0'

export const requestMessage = z.object({
  jsonrpc: z.literal(jsonRpcVersion),
  id: z.union([z.number(), z.string()]).optional(),
  method: z.string().max(200),
  params: z.unknown().optional(),
})
export type RequestMessage = z.infer<typeof requestMessage>

export interface ResponseMessage {
  readonly jsonrpc: '2.0'
  readonly id: number | string | null
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data: ErrorData }
}

export interface NotificationMessage {
  readonly jsonrpc: '2.0'
  readonly method: 'stream.item' | 'stream.ended'
  readonly params: { readonly subscription: number; readonly item?: unknown }
}

export const streamControl = {
  'stream.credit': z.strictObject({ subscription: z.number().int(), credits: z.number().int().min(1).max(1000) }),
  'stream.close': z.strictObject({ subscription: z.number().int() }),
} as const

/** Bytes before the item in a binary message; 8 keeps float64 columns aligned. */
export const binaryPrefixBytes = 8

/** JSON-RPC error codes: the reserved ones where they fit, else one per kind from -32000 down. */
export function errorCode(kind: ErrorKind): number {
  if (kind === 'bad-request') return -32602
  if (kind === 'internal') return -32603
  return -32000
}

export const parseErrorCode = -32700
export const invalidRequestCode = -32600
export const methodNotFoundCode = -32601

/** Largest message a host accepts over a WebSocket, bytes. Larger ones end the connection with close code 1009. */
export const maxMessageBytes = 64 * 1024 * 1024
