import { Pause, Play, Plus, SkipForward, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ScheduleInfo } from '../../../shared/contract/schedules.ts'
import { useQuery } from '../../client/host-context.tsx'
import { useCommand } from '../../client/use-command.ts'
import { useEvery } from '../../client/use-every.ts'
import { Link } from '../../shell/router-context.tsx'
import { DetailSection } from '../../table/detail-section.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { formatDateTime, formatPlural } from '../../ui/format.ts'
import { ScheduleForm } from './schedule-form.tsx'
import styles from './schedule-section.module.css'

const newsEveryMs = 5000

const missedWords: Readonly<Record<ScheduleInfo['missed'], string>> = {
  skip: 'missed runs are skipped',
  once: 'missed runs are made up for by one',
  all: 'every missed run is made up for',
}

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

function ScheduleRow({ schedule, onChanged }: { readonly schedule: ScheduleInfo; readonly onChanged: () => void }) {
  const { id, cron, timezone, missed, paused, waits, nextRuns, lastError } = schedule
  const toggle = useCommand(paused ? 'schedules.resume' : 'schedules.pause')
  const runNow = useCommand('schedules.runNow')
  const remove = useCommand('schedules.delete')
  const [next] = nextRuns
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <code>{cron}</code>
        {timezone === null ? null : <span className={styles.faint}> {timezone}</span>}{' '}
        {paused ? <Badge tone="warn">paused</Badge> : null}
        {waits ? <Badge tone="warn">its operation cannot be run now</Badge> : null}
        <div className={styles.faint} title={nextRuns.map((at) => formatDateTime(at)).join('\n')}>
          {next === undefined ? 'no next run' : `next ${formatDateTime(next)}`}
          {`; ${missedWords[missed]}; arguments ${JSON.stringify(schedule.arguments)}`}
        </div>
        <div className={styles.faint}>
          <LastRun schedule={schedule} />
        </div>
        {lastError === null ? null : <div className={styles.problem}>{lastError}</div>}
      </div>
      <IconButton
        size="small"
        label="Run once now"
        icon={<SkipForward size={14} aria-hidden="true" />}
        disabledReason={runNow.block}
        onClick={() => void runNow.run({ id }).then(onChanged)}
      />
      <IconButton
        size="small"
        label={paused ? 'Resume the schedule' : 'Pause the schedule'}
        icon={paused ? <Play size={14} aria-hidden="true" /> : <Pause size={14} aria-hidden="true" />}
        disabledReason={toggle.block}
        onClick={() => void toggle.run({ id }).then(onChanged)}
      />
      <IconButton
        size="small"
        label="Delete the schedule"
        icon={<Trash2 size={14} aria-hidden="true" />}
        disabledReason={remove.block}
        onClick={() => void remove.run({ id }).then(onChanged)}
      />
    </li>
  )
}

function LastRun({ schedule: { runs, lastRunAt, lastToken } }: { readonly schedule: ScheduleInfo }) {
  if (lastRunAt === null) return 'has not run yet'
  return (
    <>
      {`${formatPlural(runs, 'run')}, last ${formatDateTime(lastRunAt)} `}
      {lastToken === null ? null : <Link to={['tokens', lastToken]}>its token</Link>}
    </>
  )
}
