import { inspect } from 'node:util'
import type { Preview } from '../../../shared/contract/common.ts'

// What a person can read on one screen and a half; the whole value is never kept for them.
const maxText = 20_000
const maxNodes = 10_000
// Inspecting costs microseconds a node; a person reads far fewer.
const maxShownNodes = 2_000
const maxShownItems = 500

/** A value as readable text, cut at a limit. Never throws, whatever the value's getters do. */
export function previewOf(value: unknown): Preview {
  const { bytes, nodes } = measure(value)
  let text: string
  try {
    const shown = nodes > maxShownNodes ? pruned(value, { left: maxShownNodes }) : value
    text = inspect(shown, {
      depth: 8,
      maxArrayLength: maxShownItems,
      maxStringLength: 10_000,
      breakLength: 100,
      compact: 3,
    })
  } catch (error) {
    text = `(cannot be shown: ${error instanceof Error ? error.message : String(error)})`
  }
  const truncated = text.length > maxText || bytes > maxText || nodes > maxShownNodes
  return { text: text.length > maxText ? `${text.slice(0, maxText)}…` : text, bytes, truncated }
}

/** The first nodes of a large value, in the order in which a person reads them. */
function pruned(value: unknown, budget: { left: number }): unknown {
  budget.left -= 1
  if (typeof value !== 'object' || value === null) return value
  if (budget.left <= 0) return '…'
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const item of value) {
      // One place is for the word of how many are left out.
      if (budget.left <= 0 || items.length === maxShownItems - 1) break
      items.push(pruned(item, budget))
    }
    const rest = value.length - items.length
    if (rest > 0) items.push({ [inspect.custom]: () => `... ${rest} more item${rest === 1 ? '' : 's'}` })
    return items
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  const copy: Record<string, unknown> = {}
  for (const key in value) {
    if (budget.left <= 0) break
    copy[key] = pruned((value as Record<string, unknown>)[key], budget)
  }
  return copy
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
  return measure(value).bytes
}

function measure(value: unknown): { bytes: number; nodes: number } {
  try {
    return count(value)
  } catch {
    // A getter of the caller's own threw; the size is only for show.
    return { bytes: 0, nodes: 0 }
  }
}

function count(value: unknown): { bytes: number; nodes: number } {
  const pending: unknown[] = [value]
  const seen = new Set<object>()
  let bytes = 0
  let nodes = 0
  for (; pending.length > 0 && nodes < maxNodes; nodes++) {
    const node = pending.pop()
    if (typeof node === 'string') bytes += node.length * 2
    else if (typeof node !== 'object' || node === null) bytes += 8
    else if (ArrayBuffer.isView(node) || node instanceof ArrayBuffer) bytes += node.byteLength
    else if (!seen.has(node)) {
      seen.add(node)
      bytes += 16
      for (const child of childrenOf(node)) {
        if (pending.length > maxNodes) break
        pending.push(child)
      }
    }
  }
  return { bytes, nodes: nodes + pending.length }
}

function* childrenOf(node: object): Generator<unknown> {
  if (Array.isArray(node)) yield* node
  else if (node instanceof Map || node instanceof Set) yield* node.values()
  // Object.values would look up every one of them first.
  else for (const key in node) yield (node as Record<string, unknown>)[key]
}
