import { GuardhouseError } from '../../../shared/errors.ts'

/** A point in time: whole microseconds since 1970 UTC. Exact as a double until the year 2255. */
export type Instant = number

const form =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?$/

/**
 * Reads an ISO 8601 time. Null when it is none. Without an offset it counts as UTC, the same on every machine; where that is
 * not good enough use `requireInstant`. Digits below a microsecond are cut.
 */
export function readInstant(text: string): Instant | null {
  const match = form.exec(text)
  if (match === null) return null
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', offset = 'Z'] = match
  const parts = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const
  const wall = Date.UTC(...parts)
  // Date.UTC carries what is out of range over to the next field; a time that names no real instant is none.
  if (!matches(new Date(wall), parts)) return null
  const offsetMs = readOffset(offset)
  if (offsetMs === null) return null
  return (wall - offsetMs) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'))
}

/** Reads an ISO 8601 time that says its offset. Throws `bad-request` that names the field. */
export function requireInstant(text: string, field: string): Instant {
  const instant = /(?:Z|z|[+-]\d\d(?::?\d\d){0,2})$/.test(text.slice(10)) ? readInstant(text) : null
  if (instant !== null) return instant
  throw new GuardhouseError('bad-request', `${field} is ${JSON.stringify(text)}, which is no time with an offset`, {
    hint: 'Write it as 2026-05-19T17:30:00+00:00; without an offset it would mean another instant on another machine.',
  })
}

/** `2026-05-19T17:30:00.123456+00:00`; without a fraction when the microseconds are 0. */
export function instantText(instant: Instant): string {
  const ms = Math.floor(instant / 1000)
  const seconds = new Date(ms).toISOString().slice(0, 19)
  const fraction = ((instant % 1_000_000) + 1_000_000) % 1_000_000
  return `${seconds}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}+00:00`
}

/** Whole milliseconds between two instants, cut through a double of seconds as the original does: 1.005 s is 1004. */
export function durationMs(started: Instant, ended: Instant): number {
  // `+ 0` because a cut to minus zero would be written as a float.
  return Math.trunc(((ended - started) / 1e6) * 1000) + 0
}

function matches(date: Date, [year, month, day, hour, minute, second]: readonly [...number[]]): boolean {
  return (
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second
  )
}

/** Milliseconds to take from the wall time, or null for an offset of a day and more. */
function readOffset(text: string): number | null {
  if (text === 'Z' || text === 'z') return 0
  const digits = text.slice(1).replaceAll(':', '').padEnd(6, '0')
  const hours = Number(digits.slice(0, 2))
  const minutes = Number(digits.slice(2, 4))
  const seconds = Number(digits.slice(4, 6))
  if (hours > 23 || minutes > 59 || seconds > 59) return null
  const size = ((hours * 60 + minutes) * 60 + seconds) * 1000
  return text.startsWith('-') ? -size : size
}
