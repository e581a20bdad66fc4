import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from '../../client/host-context.tsx'
import { useEvery } from '../../client/use-every.ts'
import { DetailSection } from '../../table/detail-section.tsx'
import { Button } from '../../ui/button.tsx'
import { formatPlural } from '../../ui/format.ts'
import { ScheduleForm } from './schedule-form.tsx'
import { ScheduleRow } from './schedule-row.tsx'
import styles from './schedule-section.module.css'

const newsEveryMs = 5000

/** When the operation runs by itself, and a form for one time more. */
export function ScheduleSection({ operation }: { readonly operation: string }) {
  const { data, refresh } = useQuery('schedules.list', {}, { onEvents: ['audit'] })
  useEvery(newsEveryMs, refresh)
  const [adding, setAdding] = useState(false)
  const schedules = data?.schedules.filter((schedule) => schedule.operation === operation) ?? []
  return (
    <DetailSection
      title="Schedules"
      note={schedules.length === 0 ? 'none' : formatPlural(schedules.length, 'schedule')}
      actions={
        adding ? null : (
          <Button
            size="small"
            variant="quiet"
            icon={<Plus size={12} aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            Add
          </Button>
        )
      }
    >
      {adding ? (
        <ScheduleForm
          operation={operation}
          onDone={() => {
            setAdding(false)
            refresh()
          }}
        />
      ) : null}
      <ul className={styles.list}>
        {schedules.map((schedule) => (
          <ScheduleRow key={schedule.id} schedule={schedule} onChanged={refresh} />
        ))}
      </ul>
    </DetailSection>
  )
}
