/** How much a call was handed. */
export interface InputScore {
  /** Roughly: two a character, eight a number, sixteen an object, its length for bytes. */
  readonly bytes: number
  readonly depth: number
  readonly count: number
  /** bytes + 32 for each value + 64 for each level below the first: one number to compare. */
  readonly score: number
}

/** Values looked at; what is larger is a spike for anybody who usually sends less. */
const mostValues = 20_000
const deepest = 64

/** Pure and bounded: never runs a getter of a class, never follows a cycle for ever. */
export function scoreInput(values: readonly unknown[]): InputScore {
  let bytes = 0
  let count = 0
  let depth = Math.min(1, values.length)
  for (const value of values) {
    if (isObject(value)) continue
    count += 1
    bytes += bytesOfPlain(value)
  }
  // Most calls hand over a few plain values: those need no walk.
  if (count === values.length) return { bytes, depth, count, score: bytes + count * 32 }
  const pending: unknown[] = values.filter(isObject)
  const levels = pending.map(() => 1)
  while (pending.length > 0 && count < mostValues) {
    const value = pending.pop()
    const level = levels.pop() ?? 1
    count += 1
    if (level > depth) depth = level
    if (!isObject(value)) bytes += bytesOfPlain(value)
    else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) bytes += value.byteLength
    else {
      bytes += 16
      if (level < deepest) descend(value, level + 1, pending, levels)
    }
  }
  count += pending.length
  return { bytes, depth, count, score: bytes + count * 32 + Math.max(0, depth - 1) * 64 }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function bytesOfPlain(value: unknown): number {
  return typeof value === 'string' ? value.length * 2 : 8
}

function descend(value: object, level: number, pending: unknown[], levels: number[]): void {
  const room = mostValues - pending.length
  const children = childrenOf(value)
  for (let index = 0; index < children.length && index < room; index++) {
    pending.push(children[index])
    levels.push(level)
  }
}

function childrenOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  if (value instanceof Set) return [...value]
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return []
  return Object.values(Object.getOwnPropertyDescriptors(value)).map((property) => property.value)
}
