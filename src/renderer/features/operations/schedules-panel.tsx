import { useId, useState } from 'react'
import type { ScheduleInfo } from '../../../shared/contract/schedules.ts'
import { useQuery } from '../../client/host-context.tsx'
import { useEvery } from '../../client/use-every.ts'
import { Badge } from '../../ui/badge.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
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
      <Disclosure
        title={formatPlural(schedules.length, 'schedule')}
        summary={
          first.nextRuns[0] === undefined ? 'none is due' : `next ${first.operation}, ${formatDateTime(nextRun(first))}`
        }
        open={open}
        onOpenChange={setOpen}
        controls={listId}
      >
        {troubled === 0 ? null : <Badge tone="warn">{`${troubled} could not run`}</Badge>}
      </Disclosure>
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
