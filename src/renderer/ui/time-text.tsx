import { formatDateTime } from './format.ts'

/** An instant (wall clock, milliseconds since 1970 UTC) in local date and time; to the millisecond in its title. */
export function TimeText({ wall }: { readonly wall: number }) {
  return (
    <time dateTime={new Date(wall).toISOString()} title={formatDateTime(wall, true)}>
      {formatDateTime(wall)}
    </time>
  )
}
