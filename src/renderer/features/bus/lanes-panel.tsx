import { Pause, Play } from 'lucide-react'
import type { BusLane } from '../../../shared/contract/bus.ts'
import { useWriteBlock } from '../../client/write-block.ts'
import { type DataColumn, DataTable } from '../../table/data-table.tsx'
import { inRow, opensRow } from '../../table/row-focus.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { formatCount, formatDuration, formatRate, formatShown, missing } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import styles from './bus-page.module.css'
import type { LaneCommandName } from './use-lane-requests.tsx'

export interface LanesPanelProps {
  readonly lanes: readonly BusLane[]
  readonly total: number
  /** Empty: none. */
  readonly chosen: string
  /** Empty: every lane again. */
  readonly onChosen: (lane: string) => void
  readonly onCommand: (lane: BusLane, command: LaneCommandName) => void
  /** Asks which operation is to work which lane. */
  readonly onWork: () => void
}

type Work = NonNullable<BusLane['work']>

const stateTones: Readonly<Record<Work['state'], Tone>> = { running: 'good', paused: 'info', resting: 'warn' }

/** Every lane: how deep it is, how fast it moves, and what works it. */
export function LanesPanel({ lanes, total, chosen, onChosen, onCommand, onWork }: LanesPanelProps) {
  return (
    <Panel flush title="Lanes" note={total === 0 ? undefined : formatShown(lanes.length, total, 'lanes')}>
      {lanes.length === 0 ? (
        <EmptyState
          title="No tuple is on the bus and no lane is worked"
          action={<Button onClick={onWork}>Work a lane…</Button>}
        >
          Let an operation work a lane: each tuple that is put on it becomes a token. Tuples come from operations, from
          the panel below, or from another program: docs/bus.md has an example.
        </EmptyState>
      ) : (
        <DataTable
          label="Lanes"
          columns={columnsOf(chosen, onChosen, onCommand)}
          rows={lanes}
          keyOf={({ lane }) => lane ?? ''}
          isOpen={({ lane }) => lane !== null && lane === chosen}
        />
      )}
    </Panel>
  )
}

function columnsOf(
  chosen: string,
  onChosen: LanesPanelProps['onChosen'],
  onCommand: LanesPanelProps['onCommand'],
): readonly DataColumn<BusLane>[] {
  const ofWork = (tell: (work: Work) => string) => (lane: BusLane) => (lane.work === null ? missing : tell(lane.work))
  return [
    {
      title: 'Lane',
      names: true,
      short: true,
      whole: ({ lane }) => lane ?? '',
      cell: ({ lane }) =>
        lane === null ? '(no lane)' : <LaneName lane={lane} chosen={lane === chosen} onChosen={onChosen} />,
    },
    {
      title: 'State',
      whole: ({ work }) => (work === null ? '' : [work.state, ...holdsOf(work)].join('; ')),
      cell: ({ work }) => (work === null ? missing : <WorkState work={work} />),
    },
    { title: 'Waiting', number: true, cell: ({ waiting }) => formatCount(waiting) },
    { title: 'Lent', number: true, cell: ({ leased }) => formatCount(leased) },
    { title: 'Running', number: true, cell: ofWork(({ running, limit }) => `${running} of ${limit}`) },
    { title: 'Failed', number: true, cell: ofWork(({ failed }) => formatCount(failed)) },
    { title: 'Dead', number: true, cell: ofWork(({ dead }) => formatCount(dead)) },
    {
      title: 'Worked by',
      whole: ({ work }) => (work === null ? '' : [work.operation, ...waysOf(work)].join(', ')),
      cell: ({ work }) => (work === null ? missing : <Worker work={work} />),
    },
    { title: 'In per s', number: true, cell: ({ putRate }) => formatRate(putRate) },
    { title: 'Out per s', number: true, cell: ({ takenRate }) => formatRate(takenRate) },
    {
      title: 'Mean run',
      number: true,
      cell: ofWork(({ latencyMs }) => (latencyMs === 0 ? missing : formatDuration(latencyMs * 1000))),
    },
    { title: 'Waiters', number: true, cell: ({ waiters }) => formatCount(waiters) },
    { title: 'Commands', pinned: true, cell: (lane) => <LaneButtons lane={lane} onCommand={onCommand} /> },
  ]
}

interface LaneNameProps extends Pick<LanesPanelProps, 'onChosen'> {
  readonly lane: string
  readonly chosen: boolean
}

function LaneName({ lane, chosen, onChosen }: LaneNameProps) {
  return (
    <Button
      {...opensRow}
      size="small"
      variant="quiet"
      className={styles.laneButton}
      aria-pressed={chosen}
      tooltip={chosen ? 'Show the tuples of every lane' : 'Show its tuples below'}
      onClick={() => onChosen(chosen ? '' : lane)}
    >
      {lane}
    </Button>
  )
}

/** What stands between the lane's tuples and its tokens. */
function waysOf({ settings, answered }: Work): string[] {
  const { batch, cache, speculateMs, contextChars, wall, provider } = settings
  return [
    ...(batch > 1 ? [`batches of ${batch}`] : []),
    ...(cache ? [`cache, ${formatCount(answered)} answered`] : []),
    ...(speculateMs === null ? [] : ['speculates']),
    ...(contextChars === null ? [] : ['compresses texts']),
    ...(wall === undefined ? [] : [`wall ${wall}`]),
    ...(provider === undefined ? [] : [`provider ${provider}`]),
  ]
}

function Worker({ work }: { readonly work: Work }) {
  const ways = waysOf(work)
  return (
    <span className={styles.worker}>
      {work.operation}
      {ways.length === 0 ? null : <span className={styles.faint}> {ways.join(', ')}</span>}
    </span>
  )
}

/** What keeps the lane from taking more, and until when. */
function WorkState({ work }: { readonly work: Work }) {
  const { state, problem } = work
  const why = holdsOf(work).join('; ')
  return (
    <span className={styles.state}>
      <Badge tone={problem === null ? stateTones[state] : 'bad'}>{problem === null ? state : 'held up'}</Badge>
      <span className={styles.why}>{why}</span>
    </span>
  )
}

/** Each with the time that is left of it, where that is known. */
function holdsOf({ breaker, quota, problem }: Work): string[] {
  const left = (ms: number) => (ms > 0 ? `, ${formatDuration(Math.ceil(ms) * 1000)} left` : '')
  return [
    ...(problem === null ? [] : [problem]),
    ...(breaker.state === 'closed' ? [] : [`circuit ${breaker.state}${left(breaker.remainingMs)}`]),
    ...(quota === null ? [] : [`CPU quota ${quota.quotaPct} %${left(quota.restMs)}`]),
  ]
}

const icon = { size: 12, 'aria-hidden': true } as const

function LaneButtons({ lane, onCommand }: Pick<LanesPanelProps, 'onCommand'> & { readonly lane: BusLane }) {
  const block = useWriteBlock()
  if (lane.lane === null) return null
  const button = (command: LaneCommandName, words: string, shape?: React.ReactNode) => (
    <Button
      {...inRow}
      key={command}
      size="small"
      variant="quiet"
      icon={shape}
      disabledReason={block}
      aria-label={`${command} lane ${lane.lane}`}
      onClick={() => onCommand(lane, command)}
    >
      {words}
    </Button>
  )
  return (
    <span className={styles.commands}>
      {lane.work === null
        ? null
        : lane.work.state === 'paused'
          ? button('resume', 'Resume', <Play {...icon} />)
          : button('pause', 'Pause', <Pause {...icon} />)}
      {button('drain', 'Drain…')}
      {lane.work === null ? null : button('kill', 'Kill…')}
    </span>
  )
}
