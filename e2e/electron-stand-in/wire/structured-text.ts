import { type Decoding, decodeNode } from './decode-node.ts'
import { encodeNode } from './encode-node.ts'

/**
 * A structured clone as text. Chromium's pipe carries JSON only, so what crosses between the main process and a page is
 * written as JSON that keeps what the structured clone algorithm keeps: undefined, NaN, BigInt, Date, RegExp, Map, Set,
 * Error, ArrayBuffer and its views, shared references and cycles.
 */
export type StructuredText = string

/** Throws Electron's own error for what cannot be cloned: functions, symbols, promises, DOM nodes, shared memory. */
export function toStructuredText(value: unknown): StructuredText {
  return JSON.stringify(encodeNode(value, new Map()))
}

/** `buffers`, when given, collects every ArrayBuffer of the value, so that the caller can transfer instead of copy. */
export function fromStructuredText(text: StructuredText, buffers: ArrayBuffer[] = []): unknown {
  const decoding: Decoding = { seen: [], buffers }
  return decodeNode(JSON.parse(text), decoding)
}
