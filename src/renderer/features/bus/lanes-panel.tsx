import { useState } from 'react'
import type { BusLane } from '../../../shared/contract/bus.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { formatCount, formatDuration, formatRate, formatShown, missing } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import styles from './bus-page.module.css'
import { type Column, DataTable } from './data-table.tsx'
import { LaneDialog, type LaneQuestion } from './lane-dialog.tsx'

export interface LanesPanelProps {
  readonly lanes: readonly BusLane[]
  readonly total: number
  readonly onChosen: (lane: string) => void
  readonly onDone: () => void
}

const stateTones: Readonly<Record<'running' | 'paused' | 'resting', Tone>> = {
  running: 'good',
  paused: 'info',
  resting: 'warn',
}

/** Every lane: how deep it is, how fast it moves, and what works it. */
export function LanesPanel({ lanes, total, onChosen, onDone }: LanesPanelProps) {
  const [question, setQuestion] = useState<LaneQuestion | null>(null)
  const columns: readonly Column<BusLane>[] = [
    { title: 'Lane', cell: ({ lane }) => <LaneName lane={lane} onChosen={onChosen} /> },
    { title: 'Waiting', number: true, cell: ({ waiting }) => formatCount(waiting) },
    { title: 'Lent', number: true, cell: ({ leased }) => formatCount(leased) },
    { title: 'In per s', number: true, cell: ({ putRate }) => formatRate(putRate) },
    { title: 'Out per s', number: true, cell: ({ takenRate }) => formatRate(takenRate) },
    { title: 'Waiters', number: true, cell: ({ waiters }) => formatCount(waiters) },
    { title: 'Worked by', cell: ({ work }) => (work === null ? missing : <Worker work={work} />) },
    { title: 'State', cell: ({ work }) => (work === null ? missing : <WorkState work={work} />) },
    {
      title: 'Running',
      number: true,
      cell: ({ work }) => (work === null ? missing : `${work.running} of ${work.limit}`),
    },
    {
      title: 'Failed',
      number: true,
      cell: ({ work }) => (work === null ? missing : `${formatCount(work.failed)}, ${formatCount(work.dead)} dead`),
    },
    {
      title: 'Mean run',
      number: true,
      cell: ({ work }) => (work === null || work.latencyMs === 0 ? missing : formatDuration(work.latencyMs * 1000)),
    },
    { title: 'Commands', pinned: true, cell: (lane) => <LaneButtons lane={lane} onAsked={setQuestion} /> },
  ]
  return (
    <Panel title="Lanes" note={total === 0 ? undefined : formatShown(lanes.length, total, 'lanes')}>
      <DataTable
        label="Lanes"
        columns={columns}
        rows={lanes}
        keyOf={({ lane }) => lane ?? ''}
        empty="No tuple is on the bus and no lane is worked. Put one below, or let an operation work a lane: see docs/bus.md."
      />
      {question === null ? null : (
        <LaneDialog
          question={question}
          onClose={(done) => {
            setQuestion(null)
            if (done) onDone()
          }}
        />
      )}
    </Panel>
  )
}

function LaneName({ lane, onChosen }: { readonly lane: string | null; readonly onChosen: (lane: string) => void }) {
  if (lane === null) return <span>(no lane)</span>
  return (
    <Button size="small" variant="quiet" tooltip="Show its tuples below" onClick={() => onChosen(lane)}>
      {lane}
    </Button>
  )
}

/** The operation, and what stands between the lane's tuples and its tokens. */
function Worker({ work: { operation, settings, answered } }: { readonly work: NonNullable<BusLane['work']> }) {
  const { batch, cache, speculateMs, contextChars, wall, provider } = settings
  const ways = [
    ...(batch > 1 ? [`batches of ${batch}`] : []),
    ...(cache ? [`cache, ${formatCount(answered)} answered`] : []),
    ...(speculateMs === null ? [] : ['speculates']),
    ...(contextChars === null ? [] : ['compresses texts']),
    ...(wall === undefined ? [] : [`wall ${wall}`]),
    ...(provider === undefined ? [] : [`provider ${provider}`]),
  ].join(', ')
  return (
    <span className={styles.worker} title={ways === '' ? undefined : `${operation}: ${ways}`}>
      {operation}
      {ways === '' ? null : <span className={styles.ways}> {ways}</span>}
    </span>
  )
}

function WorkState({ work: { state, breaker, problem } }: { readonly work: NonNullable<BusLane['work']> }) {
  const text = breaker.state === 'closed' ? state : `${state}, circuit ${breaker.state}`
  return (
    <span title={problem ?? undefined}>
      <Badge tone={problem === null ? stateTones[state] : 'bad'}>
        {problem === null ? text : `${text}: ${problem}`}
      </Badge>
    </span>
  )
}

function LaneButtons({
  lane: { lane, work },
  onAsked,
}: {
  readonly lane: BusLane
  readonly onAsked: (question: LaneQuestion) => void
}) {
  if (lane === null) return null
  const commands =
    work === null ? (['drain'] as const) : ([work.state === 'paused' ? 'resume' : 'pause', 'drain', 'kill'] as const)
  return (
    <span className={styles.commands}>
      {commands.map((command) => (
        <Button
          key={command}
          size="small"
          variant="quiet"
          aria-label={`${command} lane ${lane}`}
          onClick={() => onAsked({ lane, command })}
        >
          {command}…
        </Button>
      ))}
    </span>
  )
}
