import { inspect } from 'node:util'
import type { Preview } from '../../../shared/contract/common.ts'

// What a person can read on one screen and a half; the whole value is never kept for them.
const maxText = 20_000
const maxNodes = 10_000

/** A value as readable text, cut at a limit. Never throws, whatever the value's getters do. */
export function previewOf(value: unknown): Preview {
  const bytes = approximateBytes(value)
  let text: string
  try {
    text = inspect(value, { depth: 8, maxArrayLength: 500, maxStringLength: 10_000, breakLength: 100, compact: 3 })
  } catch (error) {
    text = `(cannot be shown: ${error instanceof Error ? error.message : String(error)})`
  }
  const truncated = text.length > maxText || bytes > maxText
  return { text: text.length > maxText ? `${text.slice(0, maxText)}…` : text, bytes, truncated }
}

/** Arguments one after the other, as in a call. */
export function previewOfArguments(values: readonly unknown[]): Preview {
  const previews = values.map(previewOf)
  return {
    text: previews.map((preview) => preview.text).join(', '),
    bytes: previews.reduce((sum, preview) => sum + preview.bytes, 0),
    truncated: previews.some((preview) => preview.truncated),
  }
}

/** Size of a value in bytes, roughly: two a character, eight a number, sixteen an object. Looks at no more than some thousand nodes. */
export function approximateBytes(value: unknown): number {
  try {
    return countBytes(value)
  } catch {
    // A getter of the caller's own threw; the size is only for show.
    return 0
  }
}

function countBytes(value: unknown): number {
  const pending: unknown[] = [value]
  const seen = new Set<object>()
  let bytes = 0
  for (let nodes = 0; pending.length > 0 && nodes < maxNodes; nodes++) {
    const node = pending.pop()
    if (typeof node === 'string') bytes += node.length * 2
    else if (typeof node !== 'object' || node === null) bytes += 8
    else if (ArrayBuffer.isView(node) || node instanceof ArrayBuffer) bytes += node.byteLength
    else if (!seen.has(node)) {
      seen.add(node)
      bytes += 16
      const children: Iterable<unknown> = Array.isArray(node)
        ? node
        : node instanceof Map || node instanceof Set
          ? node.values()
          : Object.values(node)
      for (const child of children) {
        if (pending.length > maxNodes) break
        pending.push(child)
      }
    }
  }
  return bytes
}
