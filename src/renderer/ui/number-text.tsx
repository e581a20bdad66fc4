import { formatAgo, formatCount, formatDateTime, formatDuration, formatTimeOfDay } from './format.ts'
import styles from './number-text.module.css'

/** A count in tabular numerals. */
export function NumberText({ value }: { readonly value: number | null | undefined }) {
  return <span className={styles.number}>{formatCount(value)}</span>
}

/** A duration given in microseconds. The exact value is in the title. */
export function DurationText({ microseconds }: { readonly microseconds: number | null | undefined }) {
  const title = microseconds === null || microseconds === undefined ? undefined : `${formatCount(microseconds)} µs`
  return (
    <span className={styles.number} title={title}>
      {formatDuration(microseconds)}
    </span>
  )
}

export interface TimeTextProps {
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly wall: number
  /** Given: written as time passed until then. */
  readonly ago?: number | undefined
  readonly precise?: boolean | undefined
}

/** An instant in local time; date and zone are in the title and in the machine-readable attribute. */
export function TimeText({ wall, ago, precise = false }: TimeTextProps) {
  return (
    <time className={styles.number} dateTime={new Date(wall).toISOString()} title={formatDateTime(wall, true)}>
      {ago === undefined ? formatTimeOfDay(wall, precise) : formatAgo(ago - wall)}
    </time>
  )
}
