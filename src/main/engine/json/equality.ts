import { isArray, isNumber, JsonFloat, type JsonNumber, type JsonValue } from './value.ts'

/** Deep equality by value as the reference sees it: 1, 1.0 and true are equal, the order of keys does not matter. */
export function equals(left: JsonValue, right: JsonValue): boolean {
  const leftNumber = asNumber(left)
  const rightNumber = asNumber(right)
  if (leftNumber !== null && rightNumber !== null) return compareNumbers(leftNumber, rightNumber) === 0
  if (isArray(left)) {
    return (
      isArray(right) && left.length === right.length && left.every((item, index) => equals(item, right[index] ?? null))
    )
  }
  if (left instanceof Map) return right instanceof Map && equalEntries(left, right)
  return left === right
}

/** Below, equal, above as negative, 0, positive; NaN when one is NaN. Exact also between large integers and floats. */
export function compareNumbers(left: JsonNumber, right: JsonNumber): number {
  const a = left instanceof JsonFloat ? left.value : left
  const b = right instanceof JsonFloat ? right.value : right
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN
  // JavaScript compares a bigint with a number exactly.
  return a < b ? -1 : a > b ? 1 : 0
}

/** Numbers, and booleans as 1 and 0. */
function asNumber(value: JsonValue): JsonNumber | null {
  if (typeof value === 'boolean') return value ? 1 : 0
  return isNumber(value) ? value : null
}

function equalEntries(left: ReadonlyMap<string, JsonValue>, right: ReadonlyMap<string, JsonValue>): boolean {
  if (left.size !== right.size) return false
  for (const [key, item] of left) {
    const other = right.get(key)
    if (other === undefined || !equals(item, other)) return false
  }
  return true
}
