import { formatDateTime } from '../../ui/format.ts'

const minute = 60_000
const day = 24 * 60 * minute

/**
 * A moment on an axis of `span` milliseconds that has a handful of ticks: as short as it can be without two of them reading the same.
 * `at` is wall clock milliseconds since 1970; the label is local time, such as `14:03:22`, `14:03`, `11-21 14:03` or `11-21`.
 */
export function momentLabel(at: number, span: number): string {
  const [date = '', time = ''] = formatDateTime(at).split(' ')
  const dayOfYear = date.slice(5)
  if (span < 10 * minute) return time
  if (span < day) return time.slice(0, 5)
  return span < 7 * day ? `${dayOfYear} ${time.slice(0, 5)}` : dayOfYear
}
