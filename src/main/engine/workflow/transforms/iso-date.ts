/** Microseconds of a day. */
export const microsecondsPerDay = 86_400_000_000n

const isoDate =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:.(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,})\d*)?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/

/**
 * Microseconds since 1970-01-01 UTC of an ISO 8601 date or date and time; without a zone it is UTC. Null: not such a
 * text, or a day that does not exist.
 */
export function readIsoDate(text: string): bigint | null {
  const match = isoDate.exec(text)
  if (match === null) return null
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match
  const milliseconds = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second)
  const date = new Date(milliseconds)
  // Date rolls over what does not exist, such as 30 February or 25 o'clock.
  const exists = date.getUTCMonth() === +month - 1 && date.getUTCDate() === +day && +minute < 60 && +second < 60
  if (!exists || +hour > 23) return null
  const microseconds = BigInt(fraction.slice(0, 6).padEnd(6, '0'))
  return BigInt(milliseconds) * 1000n + microseconds - zoneOffset(zone)
}

function zoneOffset(zone: string): bigint {
  if (zone === 'Z') return 0n
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  const minutes = BigInt(digits.slice(0, 2)) * 60n + BigInt(digits.slice(2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000_000n
}
