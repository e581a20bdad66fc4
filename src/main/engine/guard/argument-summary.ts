const longestString = 50

/** Arguments for people: types and lengths, short strings as they are. */
export function summariseArguments(values: readonly unknown[]): string {
  return values.map(summarise).join(', ')
}

function summarise(value: unknown): string {
  if (typeof value === 'string') {
    return value.length <= longestString
      ? JSON.stringify(value)
      : `${JSON.stringify(value.slice(0, longestString))}… (${value.length.toLocaleString('en')} characters)`
  }
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `array of ${value.length.toLocaleString('en')}`
  if (value instanceof Map || value instanceof Set)
    return `${value.constructor.name} of ${value.size.toLocaleString('en')}`
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return `${value.constructor.name} of ${value.byteLength.toLocaleString('en')} bytes`
  }
  const keys = Object.keys(value)
  return `object with ${keys.length.toLocaleString('en')} keys${keys.length === 0 ? '' : `: ${keys.slice(0, 5).join(', ')}${keys.length > 5 ? ', …' : ''}`}`
}
