/** Microseconds of a day. */
export const microsecondsPerDay = 86_400_000_000n

// Each with its separators or without: `2026-01-31` or `20260131`, `2026-W05-6` or `2026W056`, which may leave the day out.
const dateForms = [
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})/,
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})/,
  /^(?<year>\d{4})-W(?<week>\d{2})(?:-(?<weekday>\d)(?!\d))?/,
  /^(?<year>\d{4})W(?<week>\d{2})(?<weekday>\d(?=\D|$))?/,
]
// A fraction may follow any part, and is one of seconds all the same. Behind six digits it needs no point.
const timeForms = [
  /^(?<hour>\d{2})(?::(?<minute>\d{2})(?::(?<second>\d{2}))?)?(?:[.,](?<fraction>\d+))?$/,
  /^(?<hour>\d{2})(?:(?<minute>\d{2})(?<second>\d{2})?)?(?:(?:[.,]|(?<=^\d{6}))(?<fraction>\d+))?$/,
]

type Parts = Readonly<Record<string, string | undefined>>

/**
 * Microseconds since 1970-01-01 UTC of an ISO 8601 date or date and time; without a zone it is UTC. Any character may
 * stand between date and time. Null: not such a text, or a day that does not exist.
 */
export function readIsoDate(text: string): bigint | null {
  // The reference reads a Z as this offset, wherever it stands.
  const spelledOut = text.replaceAll('Z', '+00:00')
  const found = firstMatch(dateForms, spelledOut)
  if (found === null) return null
  const day = dayOf(found.parts)
  const time = timeOfDay(spelledOut.slice(found.length))
  return day === null || time === null ? null : day + time
}

function firstMatch(forms: readonly RegExp[], text: string): { readonly parts: Parts; readonly length: number } | null {
  for (const form of forms) {
    const match = form.exec(text)
    if (match?.groups !== undefined) return { parts: match.groups, length: match[0].length }
  }
  return null
}

/** The first microsecond of a day. */
function dayOf({ year = '', month, day, week, weekday = '1' }: Parts): bigint | null {
  if (+year < 1) return null
  if (week !== undefined) return dayOfWeek(+year, +week, +weekday)
  const date = midnight(+year, Number(month), Number(day))
  // Date rolls over what does not exist, such as 30 February.
  const exists = date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day)
  return exists ? BigInt(date.getTime()) * 1000n : null
}

const dayMilliseconds = 86_400_000

/** The first week of a year is the one with 4 January; weeks begin with Monday, which is 1. */
function dayOfWeek(year: number, week: number, weekday: number): bigint | null {
  const weeks = (firstMonday(year + 1) - firstMonday(year)) / (7 * dayMilliseconds)
  if (week < 1 || week > weeks || weekday < 1 || weekday > 7) return null
  return BigInt(firstMonday(year) + ((week - 1) * 7 + weekday - 1) * dayMilliseconds) * 1000n
}

function firstMonday(year: number): number {
  const fourth = midnight(year, 1, 4)
  return fourth.getTime() - ((fourth.getUTCDay() + 6) % 7) * dayMilliseconds
}

function midnight(year: number, month: number, day: number): Date {
  const date = new Date(0)
  // Unlike Date.UTC, this does not take the years below 100 for those of the twentieth century.
  date.setUTCFullYear(year, month - 1, day)
  return date
}

/** What stands behind a date: nothing, or a separator and a time; in microseconds, less the offset of its zone. */
function timeOfDay(text: string): bigint | null {
  if (text === '') return 0n
  const match = /^.([^+-]*)(?:([+-])(.*))?$/su.exec(text)
  if (match === null) return null
  const [, time = '', sign, zone = '00'] = match
  // One character between time and zone, such as a blank, is passed over.
  const clock = readClock(time) ?? (sign === undefined ? null : readClock(time.slice(0, -1)))
  const offset = readOffset(zone)
  if (clock === null || offset === null) return null
  return sign === '-' ? clock + offset : clock - offset
}

/** Microseconds since midnight. */
function readClock(text: string): bigint | null {
  const found = firstMatch(timeForms, text)
  if (found === null) return null
  const { hour = '', minute = '0', second = '0' } = found.parts
  return +hour > 23 || +minute > 59 || +second > 59 ? null : microsecondsOf(found.parts)
}

/** Microseconds of an offset, which has to be less than a day; its parts may be anything. */
function readOffset(text: string): bigint | null {
  const found = firstMatch(timeForms, text)
  if (found === null) return null
  const offset = microsecondsOf(found.parts)
  return offset < microsecondsPerDay ? offset : null
}

function microsecondsOf({ hour = '0', minute = '0', second = '0', fraction = '' }: Parts): bigint {
  const seconds = BigInt((+hour * 60 + +minute) * 60 + +second)
  return seconds * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
}
