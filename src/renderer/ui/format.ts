/**
 * How numbers, times and sizes are written, in one place, so that the same value reads the same on every page.
 * Functions here return text and never throw; what is missing or not a number is an en dash.
 */

export const missing = '–'

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** A count with its thousands apart: `12,345`. */
export function formatCount(value: number | null | undefined): string {
  return isNumber(value) ? grouped.format(value) : missing
}

const suffixes = ['', 'k', 'M', 'G', 'T'] as const

/** A count in at most four characters and a suffix: `999`, `1.23k`, `45.6M`. */
export function formatCompact(value: number | null | undefined): string {
  if (!isNumber(value)) return missing
  let scaled = value
  let step = 0
  // 999.5 and not 1000: it would be rounded to four digits.
  while (Math.abs(scaled) >= 999.5 && step < suffixes.length - 1) {
    scaled /= 1000
    step += 1
  }
  return `${step === 0 ? scaled.toFixed(Number.isInteger(scaled) ? 0 : 1) : threeDigits(scaled)}${suffixes[step]}`
}

/** A rate per second: `0`, `0.4`, `12.3`, `1,234`. */
export function formatRate(value: number | null | undefined): string {
  if (!isNumber(value)) return missing
  if (value === 0) return '0'
  return value < 100 ? value.toFixed(1) : grouped.format(value)
}

/** A share 0..1 as per cent: `0 %`, `0.4 %`, `37 %`. Below ten one digit after the point, when asked. */
export function formatShare(value: number | null | undefined, precise = false): string {
  if (!isNumber(value)) return missing
  const percent = value * 100
  const digits = precise && percent > 0 && percent < 9.95 ? 1 : 0
  return `${percent.toFixed(digits)} %`
}

/** Microseconds in three digits and the fitting unit: `850 ns`, `12.3 µs`, `4.56 ms`, `1.23 s`, `2 m 05 s`, `3 h 04 m`, `2 d 03 h`. */
export function formatDuration(microseconds: number | null | undefined): string {
  if (!isNumber(microseconds)) return missing
  const value = Math.max(0, microseconds)
  if (value === 0) return '0 µs'
  if (value < 0.9995) return `${threeDigits(value * 1000)} ns`
  if (value < 999.5) return `${threeDigits(value)} µs`
  if (value < 999_500) return `${threeDigits(value / 1000)} ms`
  if (value < 59_950_000) return `${threeDigits(value / 1_000_000)} s`
  return formatLongDuration(Math.round(value / 1_000_000))
}

function formatLongDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} m ${twoDigits(seconds % 60)} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${twoDigits(minutes % 60)} m`
  return `${Math.floor(hours / 24)} d ${twoDigits(hours % 24)} h`
}

/** Wall clock milliseconds since 1970 as local time of day: `14:03:22`, with `.123` when precise. */
export function formatTimeOfDay(wall: number | null | undefined, precise = false): string {
  if (!isNumber(wall)) return missing
  const date = new Date(wall)
  const time = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`
  return precise ? `${time}.${String(date.getMilliseconds()).padStart(3, '0')}` : time
}

/** Wall clock milliseconds since 1970 as local date and time: `2026-11-21 14:03:22`. */
export function formatDateTime(wall: number | null | undefined, precise = false): string {
  if (!isNumber(wall)) return missing
  const date = new Date(wall)
  const day = `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`
  return `${day} ${formatTimeOfDay(wall, precise)}`
}

/** How long ago, coarse on purpose so that it does not flicker: `now`, `42 s ago`, `5 min ago`, `3 h ago`, `2 d ago`. */
export function formatAgo(milliseconds: number | null | undefined): string {
  if (!isNumber(milliseconds)) return missing
  const seconds = Math.floor(Math.max(0, milliseconds) / 1000)
  if (seconds < 1) return 'now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes in binary units: `512 B`, `4.00 KiB`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (!isNumber(bytes)) return missing
  let scaled = bytes
  let step = 0
  while (scaled >= 1023.5 && step < byteUnits.length - 1) {
    scaled /= 1024
    step += 1
  }
  return `${step === 0 ? scaled.toFixed(0) : threeDigits(scaled)} ${byteUnits[step]}`
}

/** `1 token`, `2 tokens`; the plural only where it is not the noun with an s. */
export function formatPlural(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}

/** `200 of 12,345 rows`, `1 entry`: every list says what part of the whole it shows. `nouns` is a regular plural. */
export function formatShown(shown: number, matched: number, nouns = 'rows'): string {
  const noun = matched === 1 ? nouns.replace(/ies$/, 'y').replace(/s$/, '') : nouns
  if (shown === matched) return `${formatCount(matched)} ${noun}`
  return `${formatCount(shown)} of ${formatCount(matched)} ${noun}`
}

/** A worker by its core and slot: `2·0`; the core alone where no slot is known. */
export function formatWorker(core: number, slot: number | null): string {
  return slot === null ? String(core) : `${core}·${slot}`
}

/** Numbers as ranges: [0,1,2,5] is `0–2, 5`. */
export function formatNumberList(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b)
  const ranges: string[] = []
  for (let start = 0; start < sorted.length; ) {
    let end = start
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1
    ranges.push(start === end ? `${sorted[start]}` : `${sorted[start]}–${sorted[end]}`)
    start = end + 1
  }
  return ranges.join(', ')
}

function threeDigits(value: number): string {
  const size = Math.abs(value)
  if (size >= 99.95) return value.toFixed(0)
  return value.toFixed(size >= 9.995 ? 1 : 2)
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && !Number.isNaN(value)
}
