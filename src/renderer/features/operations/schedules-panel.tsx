import { ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import type { ScheduleInfo } from '../../../shared/contract/schedules.ts'
import { useQuery } from '../../client/host-context.tsx'
import { useEvery } from '../../client/use-every.ts'
import { Badge } from '../../ui/badge.tsx'
import { formatDateTime, formatPlural } from '../../ui/format.ts'
import { ScheduleRow } from './schedule-row.tsx'
import sectionStyles from './schedule-section.module.css'
import styles from './schedules-panel.module.css'

const newsEveryMs = 5000

/** Everything that runs by itself, of whichever operation, what comes first first. Nothing when there is nothing. */
export function SchedulesPanel() {
  const { data, refresh } = useQuery('schedules.list', {}, { onEvents: ['audit'] })
  useEvery(newsEveryMs, refresh)
  const [open, setOpen] = useState(false)
  const listId = useId()
  const schedules = [...(data?.schedules ?? [])].sort((a, b) => nextRun(a) - nextRun(b))
  const [first] = schedules
  if (first === undefined) return null
  const troubled = schedules.filter(({ lastError, waits }) => lastError !== null || waits).length
  return (
    <section className={styles.panel} aria-label="Schedules">
      <button
        type="button"
        className={styles.toggle}
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        onClick={() => setOpen(!open)}
      >
        <ChevronRight size={14} className={styles.chevron} aria-hidden="true" />
        <strong>{formatPlural(schedules.length, 'schedule')}</strong>
        <span className={styles.summary}>
          {first.nextRuns[0] === undefined
            ? 'none is due'
            : `next ${first.operation}, ${formatDateTime(nextRun(first))}`}
        </span>
        {troubled === 0 ? null : <Badge tone="warn">{`${troubled} could not run`}</Badge>}
      </button>
      {open ? (
        <ul id={listId} className={sectionStyles.list}>
          {schedules.map((schedule) => (
            <ScheduleRow key={schedule.id} schedule={schedule} named onChanged={refresh} />
          ))}
        </ul>
      ) : null}
    </section>
  )
}

function nextRun({ nextRuns }: ScheduleInfo): number {
  return nextRuns[0] ?? Number.POSITIVE_INFINITY
}
