import type { ConvergenceDecision } from '../../../shared/contract/convergence.ts'
import { useWallClock } from '../../client/host-context.tsx'
import { type DataColumn, DataTable } from '../../table/data-table.tsx'
import { opensRow } from '../../table/row-focus.ts'
import { formatDuration, formatTimeOfDay, missing } from '../../ui/format.ts'
import styles from './decision-table.module.css'
import { outcomeText, ruleText } from './decision-words.ts'

export interface DecisionTableProps {
  readonly decisions: readonly ConvergenceDecision[]
  readonly opened: number | null
  readonly onOpen: (decision: ConvergenceDecision) => void
}

/** Decisions, newest first; each can be opened. */
export function DecisionTable({ decisions, opened, onOpen }: DecisionTableProps) {
  const wallOf = useWallClock()
  return (
    <DataTable
      fills="page"
      label="Decisions, newest first"
      columns={columnsOf(wallOf, opened, onOpen)}
      rows={decisions}
      keyOf={({ id }) => id}
      isOpen={({ id }) => id === opened}
    />
  )
}

function columnsOf(
  wallOf: ReturnType<typeof useWallClock>,
  opened: number | null,
  onOpen: DecisionTableProps['onOpen'],
): readonly DataColumn<ConvergenceDecision>[] {
  return [
    {
      title: 'Last look',
      width: '88px',
      cell: (decision) => (
        <button
          {...opensRow}
          type="button"
          className={styles.open}
          aria-expanded={decision.id === opened}
          onClick={() => onOpen(decision)}
        >
          {wallOf === null ? missing : formatTimeOfDay(wallOf(decision.until))}
        </button>
      ),
    },
    { title: 'Core', width: '60px', number: true, cell: ({ core }) => core },
    { title: 'Rule', width: '96px', whole: ({ rule }) => ruleText(rule), cell: ({ rule }) => rule },
    {
      title: 'Outcome',
      whole: outcomeText,
      cell: (decision) => (
        <span className={decision.from === decision.to ? undefined : styles.change}>{outcomeText(decision)}</span>
      ),
    },
    // An open decision tells them itself, and leaves less room.
    ...(opened === null ? inputColumns : []),
    { title: 'Looks', width: '80px', number: true, cell: ({ times }) => times },
  ]
}

const inputColumns: readonly DataColumn<ConvergenceDecision>[] = [
  { title: 'Wait p95', width: '92px', number: true, cell: waitText },
  { title: 'Busy', width: '72px', number: true, cell: ({ inputs }) => `${inputs.utilization.toFixed(0)} %` },
  { title: 'Depth', width: '72px', number: true, cell: ({ inputs }) => inputs.depth },
]

function waitText({ inputs: { waitP95 } }: ConvergenceDecision): string {
  return waitP95 === null ? missing : formatDuration(waitP95 * 1e6)
}
