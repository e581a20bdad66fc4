/** Base64 the fastest way each side has: Node's Buffer, or the method that Chromium gives to Uint8Array. */
export function toBase64(bytes: Uint8Array<ArrayBuffer>): string {
  if (runsInNode) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  return bytes.toBase64()
}

/** The result owns the whole of its buffer: a Buffer would be a window into a shared pool. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return runsInNode ? new Uint8Array(Buffer.from(text, 'base64')) : Uint8Array.fromBase64(text)
}

const runsInNode = typeof Buffer === 'function'
