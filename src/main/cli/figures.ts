/** Numbers as people read them in a terminal. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 1234567 as `1,234,567`. */
export function formatCount(count: number): string {
  return grouped.format(count)
}

/** A length of time given in microseconds, with three significant digits: `850 µs`, `3.42 ms`, `1.5 s`, `2 min 5 s`. */
export function formatDuration(microseconds: number | null): string {
  if (microseconds === null || Number.isNaN(microseconds)) return '-'
  if (microseconds < 999.5) return `${significant(microseconds)} µs`
  if (microseconds < 999_500) return `${significant(microseconds / 1e3)} ms`
  if (microseconds < 59_950_000) return `${significant(microseconds / 1e6)} s`
  const seconds = Math.round(microseconds / 1e6)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${formatCount(Math.floor(minutes / 60))} h ${minutes % 60} min`
}

/** A share 0..1 as `37 %`. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** Wall clock milliseconds since 1970 UTC as local `2026-11-21 08:19:28`. */
export function formatWallTime(milliseconds: number): string {
  const at = new Date(milliseconds)
  const pad = (value: number) => String(value).padStart(2, '0')
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
  return `${day} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`
}

function significant(value: number): string {
  return String(Number(value.toPrecision(3)))
}
