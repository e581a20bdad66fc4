import { Pause, TriangleAlert, Unplug } from 'lucide-react'
import type { OperationInfo } from '../../../shared/contract/operations.ts'
import type { TokenState } from '../../../shared/model/token.ts'
import type { Column } from '../../table/column.ts'
import { LongName } from '../../table/long-name.tsx'
import { formatCompact, formatCount, formatDuration, missing } from '../../ui/format.ts'
import { stateLabels } from '../../ui/state-shapes.ts'
import styles from './operation-columns.module.css'
import { positionText } from './source-text.ts'

/** So that the columns which are shown at first fit into a window of 1280 pixels. Made before them: they ask it while they are made. */
const shortTitles: ReadonlySet<TokenState> = new Set(['WAITING', 'FAILED', 'KILLED'])

/** Columns of the table of operations. Their ids are what it is sorted by. */
export const operationColumns: readonly Column<OperationInfo>[] = [
  {
    id: 'operation',
    title: 'Operation',
    width: 166,
    minWidth: 96,
    sortable: true,
    growth: 2,
    fixed: true,
    text: (row) => row.operation,
    cell: (row) => <OperationName row={row} />,
  },
  {
    id: 'availability',
    title: 'Availability',
    width: 88,
    optional: true,
    sortable: true,
    text: (row) => (row.paused ? `${row.availability}, paused` : row.availability),
  },
  { id: 'weight', title: 'Weight', width: 72, sortable: true, text: (row) => row.weight },
  {
    id: 'complexity',
    title: 'Complexity',
    width: 84,
    align: 'end',
    sortable: true,
    text: (row) => row.inspection?.score.toFixed(1) ?? '',
    cell: ({ inspection }) =>
      inspection === null ? (
        missing
      ) : (
        <span title={`${inspection.level.toLowerCase()}, of 200`}>{inspection.score.toFixed(1)}</span>
      ),
  },
  countColumn('WAITING'),
  countColumn('ADMITTED', true),
  countColumn('EXECUTING'),
  countColumn('COMPLETED'),
  countColumn('FAILED'),
  countColumn('KILLED', true),
  countColumn('TIMEOUT', true),
  durationColumn('run-p50', 'Run p50', (row) => row.runs.p50),
  durationColumn('run-p95', 'Run p95', (row) => row.runs.p95),
  durationColumn('wait-p50', 'Wait p50', (row) => row.waits.p50, true),
  durationColumn('wait-p95', 'Wait p95', (row) => row.waits.p95),
  {
    id: 'error',
    title: 'Last error',
    width: 112,
    growth: 5,
    text: (row) => row.lastError?.message ?? '',
    cell: (row) => <span className={styles.error}>{row.lastError?.message ?? ''}</span>,
  },
  {
    id: 'source',
    title: 'Source',
    width: 120,
    sortable: true,
    text: (row) => positionText(row),
    cell: (row) => <SourcePosition text={positionText(row)} />,
  },
]

function countColumn(state: TokenState, optional = false): Column<OperationInfo> {
  const trouble = state === 'FAILED' || state === 'TIMEOUT'
  return {
    id: state,
    title: stateLabels[state],
    width: shortTitles.has(state) ? 70 : 84,
    align: 'end',
    sortable: true,
    optional,
    text: (row) => String(row.counts[state]),
    cell: ({ counts }) => (
      // A nought is there to be passed over.
      <span
        className={counts[state] === 0 ? styles.nought : trouble ? styles.trouble : undefined}
        title={formatCount(counts[state])}
      >
        {formatCompact(counts[state])}
      </span>
    ),
  }
}

function durationColumn(
  id: string,
  title: string,
  value: (row: OperationInfo) => number | null,
  optional = false,
): Column<OperationInfo> {
  return {
    id,
    title,
    copyTitle: `${title}, µs`,
    width: 78,
    align: 'end',
    sortable: true,
    optional,
    text: (row) => String(value(row) ?? ''),
    cell: (row) => (value(row) === null ? missing : formatDuration(value(row))),
  }
}

function OperationName({ row }: { readonly row: OperationInfo }) {
  return (
    <span className={styles.name}>
      <span className={row.availability === 'available' ? styles.words : styles.unavailable}>
        <LongName name={row.operation} />
      </span>
      {row.paused ? <Pause size={12} className={styles.paused} role="img" aria-label="paused" /> : null}
      {row.availability === 'failed' ? (
        <TriangleAlert size={12} className={styles.failed} role="img" aria-label="its module does not load" />
      ) : null}
      {row.availability === 'gone' ? (
        <Unplug size={12} className={styles.gone} role="img" aria-label="its module was removed" />
      ) : null}
    </span>
  )
}

/** Where there is little room the file is cut and not the line. */
function SourcePosition({ text }: { readonly text: string }) {
  const [, file = text, line = ''] = /^(.*)(:\d+)$/.exec(text) ?? []
  return (
    <span className={styles.position} title={text}>
      <span className={styles.file}>{file}</span>
      {line}
    </span>
  )
}

type Key = string | number

const availabilityOrder = ['failed', 'gone', 'available']
const weightOrder = ['heavy', 'medium', 'light']

/** What a row is sorted by. Missing times come after all others. */
export function sortKey(row: OperationInfo, by: string): Key {
  if (by === 'operation') return row.operation
  if (by === 'availability') return availabilityOrder.indexOf(row.availability) + (row.paused ? 0 : 0.5)
  if (by === 'weight') return weightOrder.indexOf(row.weight)
  if (by === 'source') return positionText(row)
  if (by === 'complexity') return row.inspection?.score ?? -1
  if (by === 'run-p50') return row.runs.p50 ?? -1
  if (by === 'run-p95') return row.runs.p95 ?? -1
  if (by === 'wait-p50') return row.waits.p50 ?? -1
  if (by === 'wait-p95') return row.waits.p95 ?? -1
  return row.counts[by as TokenState] ?? 0
}
