import { Pause, Play, SkipForward, Trash2 } from 'lucide-react'
import type { ScheduleInfo } from '../../../shared/contract/schedules.ts'
import { useCommand } from '../../client/use-command.ts'
import { Link } from '../../shell/router-context.tsx'
import { Badge } from '../../ui/badge.tsx'
import { IconButton } from '../../ui/button.tsx'
import { formatDateTime, formatPlural } from '../../ui/format.ts'
import styles from './schedule-section.module.css'

const missedWords: Readonly<Record<ScheduleInfo['missed'], string>> = {
  skip: 'missed runs are skipped',
  once: 'missed runs are made up for by one',
  all: 'every missed run is made up for',
}

export interface ScheduleRowProps {
  readonly schedule: ScheduleInfo
  /** Among schedules of other operations: say of which one it is. */
  readonly named?: boolean
  readonly onChanged: () => void
}

/** One schedule: when it runs, how it did, and what can be done about it. */
export function ScheduleRow({ schedule, named = false, onChanged }: ScheduleRowProps) {
  const { id, operation, cron, timezone, missed, paused, waits, nextRuns, lastError } = schedule
  const toggle = useCommand(paused ? 'schedules.resume' : 'schedules.pause')
  const runNow = useCommand('schedules.runNow')
  const remove = useCommand('schedules.delete')
  const [next] = nextRuns
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        {named ? (
          <>
            <Link to={['operations', operation]}>{operation}</Link>{' '}
          </>
        ) : null}
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
