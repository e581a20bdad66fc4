import { Check, CircleHelp, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import type { WorkerState } from '../../../shared/contract/system.ts'
import { useHost } from '../../client/host-context.tsx'
import { Link } from '../../shell/router-context.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatCompact, formatCount, formatDuration, formatPlural, missing } from '../../ui/format.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { workerLinesPath } from '../console/index.ts'
import styles from './core-lanes.module.css'
import { describeVerdict, pinningVerdict, severalCpus, unknownCpu } from './pinning.ts'
import { RunningTokenLink } from './running-token-link.tsx'
import type { WorkerView } from './worker-view.ts'

export interface WorkerCellsProps {
  readonly slot: number
  /** Undefined while nothing has needed the slot. */
  readonly worker: WorkerView | undefined
  readonly pinning: boolean
  /** How much longer it begins nothing because of the quota, milliseconds. */
  readonly restMs: number
}

/** The cells of one worker. Renders only when one of its values has changed. */
export const WorkerCells = memo(function WorkerCells({ slot, worker, pinning, restMs }: WorkerCellsProps) {
  if (worker === undefined) {
    return (
      <>
        <td className={styles.slot}>{slot}</td>
        <td colSpan={6} className={styles.unstarted}>
          No thread yet: it starts with the first token sent here.
        </td>
      </>
    )
  }
  return (
    <>
      <td className={styles.slot}>
        <Link
          to={workerLinesPath(worker.core, worker.slot)}
          className={styles.slotLink}
          title="Log lines of this worker in the console"
        >
          {worker.slot}
        </Link>
      </td>
      <PinCell worker={worker} pinning={pinning} />
      <td>
        <WorkerStateMark state={worker.state} restMs={restMs} />
      </td>
      <MailboxCell depth={worker.depth} max={worker.mailboxMax} />
      <RunningCell worker={worker} />
      <td className={styles.number}>{formatCompact(worker.executed)}</td>
      <td className={worker.restarts === 0 ? styles.zero : styles.number}>{formatCount(worker.restarts)}</td>
    </>
  )
})

function PinCell({ worker, pinning }: { readonly worker: WorkerView; readonly pinning: boolean }) {
  if (!pinning) return <td className={styles.unsupported}>not supported on this system</td>
  const verdict = pinningVerdict(worker)
  const good = verdict === 'proven' || verdict === 'bound'
  const bad = verdict === 'drifted' || verdict === 'unbound'
  return (
    <td className={styles.pin}>
      <Tooltip content={describeVerdict(verdict, worker)}>
        <button type="button" className={styles.pinButton}>
          <span className="visually-hidden">{pinLabel(worker, describeVerdict(verdict, worker))}</span>
          <span className={styles.cpus} aria-hidden="true">
            <span>{worker.asked}</span>
            <span>{cpuText(worker.confirmed)}</span>
            <span>{cpuText(worker.lastCpu)}</span>
          </span>
          {verdict === 'proven' ? <Check size={14} className={styles.good} aria-hidden="true" /> : null}
          {bad ? <TriangleAlert size={14} className={styles.bad} aria-hidden="true" /> : null}
          {good || bad || verdict === 'absent' ? null : <CircleHelp size={14} aria-hidden="true" />}
          {worker.drifts === 0 ? null : <span className={styles.drifts}>{formatCompact(worker.drifts)}×</span>}
        </button>
      </Tooltip>
    </td>
  )
}

function pinLabel(worker: WorkerView, verdict: string): string {
  return worker.drifts === 0 ? verdict : `${verdict} Seen elsewhere ${formatPlural(worker.drifts, 'time')}.`
}

function cpuText(cpu: number): string {
  if (cpu === unknownCpu) return missing
  return cpu === severalCpus ? 'many' : String(cpu)
}

function WorkerStateMark({ state, restMs }: { readonly state: WorkerState; readonly restMs: number }) {
  if (state === 'idle' && restMs > 0) {
    const why = 'It begins nothing until what its core has worked is paid for: the option cpuQuotaPct'
    return <span title={why}>{`Rests ${Math.max(0.1, restMs / 1000).toFixed(1)} s`}</span>
  }
  if (state === 'running') return <StateMark state="EXECUTING" label="Running" />
  if (state === 'stopping') return <StateMark state="KILLED" label="Stopping" />
  const words = { absent: 'Off', starting: 'Starting', idle: 'Idle', replacing: 'Replacing' }[state]
  return (
    <span className={state === 'replacing' || state === 'starting' ? styles.changing : styles.resting}>{words}</span>
  )
}

function MailboxCell({ depth, max }: { readonly depth: number; readonly max: number }) {
  const full = max > 0 && depth >= max
  return (
    <td className={classNames(styles.mailbox, full && styles.full)}>
      <span className={styles.meter} aria-hidden="true">
        <span
          className={full ? styles.meterFull : styles.meterFill}
          style={{ transform: `scaleX(${max === 0 ? 0 : Math.min(1, depth / max)})` }}
        />
      </span>
      <span>
        {formatCount(depth)}
        <span className={styles.of}> / {formatCount(max)}</span>
        {full ? <span className="visually-hidden"> full</span> : null}
      </span>
    </td>
  )
}

function RunningCell({ worker }: { readonly worker: WorkerView }) {
  const { facts } = useHost()
  if (worker.running === 0) return <td className={styles.nothingRuns}>{missing}</td>
  return (
    <td className={styles.running}>
      <span className={styles.runningRow}>
        <RunningTokenLink sequence={worker.running} operation={facts.operationName(worker.operation)} />
        <span className={styles.age}>{worker.age === 0 ? '< 10 ms' : formatDuration(worker.age)}</span>
      </span>
    </td>
  )
}
