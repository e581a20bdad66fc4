import { useState } from 'react'
import {
  type RunFilter,
  type RunSort,
  type RunState,
  runStates,
  type WorkflowRunRow,
} from '../../../shared/contract/workflows.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useQuery } from '../../client/host-context.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { TextInput } from '../../ui/field.tsx'
import { formatCount, formatDateTime, formatDuration, formatShown } from '../../ui/format.ts'
import { Select } from '../../ui/select.tsx'
import { RunStateMark } from './run-state.tsx'
import { useRunChanges } from './use-run-changes.ts'
import styles from './workflows-page.module.css'

export interface RunsTableProps {
  readonly onOpen: (run: string) => void
}

const newestFirst: RunSort = { by: 'startedAt', direction: 'descending' }
const columns: readonly { readonly by: RunSort['by'] | null; readonly title: string }[] = [
  { by: 'workflow', title: 'Workflow' },
  { by: 'state', title: 'State' },
  { by: null, title: 'Outcome' },
  { by: null, title: 'Nodes' },
  { by: 'duration', title: 'Duration' },
  { by: 'startedAt', title: 'Started' },
]

/** Every run that is kept, newest first, with what narrows them down. */
export function RunsTable({ onOpen }: RunsTableProps) {
  const [text, setText] = useState('')
  const [state, setState] = useState<RunState | 'any'>('any')
  const [sort, setSort] = useState(newestFirst)
  const filter: RunFilter = { ...(text === '' ? {} : { text }), ...(state === 'any' ? {} : { states: [state] }) }
  const { data, error, refresh } = useQuery('workflows.runs', { filter, sort, limit: 500 })
  useRunChanges(refresh)
  const rows = data?.rows ?? []
  const unfiltered = text === '' && state === 'any'
  return (
    <section className={styles.runs} aria-label="Runs">
      <div className={styles.filters}>
        <TextInput aria-label="Find runs" placeholder="Find runs" value={text} onValueChange={setText} />
        <Select
          aria-label="State"
          value={state}
          options={[
            { value: 'any', label: 'Every state' },
            ...runStates.map((value) => ({ value, label: words[value] })),
          ]}
          onValueChange={setState}
        />
        <span className={styles.count} role="status">
          {data === null ? '' : formatShown(rows.length, data.matched, 'runs')}
        </span>
      </div>
      {error === null ? null : <ErrorNotice error={toErrorData(error)} />}
      {data !== null && rows.length === 0 ? (
        <NoRuns unfiltered={unfiltered} />
      ) : (
        <Rows rows={rows} sort={sort} onSortChange={setSort} onOpen={onOpen} />
      )}
    </section>
  )
}

const words: Readonly<Record<RunState, string>> = {
  waiting: 'Waiting',
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  killed: 'Killed',
  timeout: 'Timed out',
  imported: 'Imported',
}

interface RowsProps extends RunsTableProps {
  readonly rows: readonly WorkflowRunRow[]
  readonly sort: RunSort
  readonly onSortChange: (sort: RunSort) => void
}

function Rows({ rows, sort, onSortChange, onOpen }: RowsProps) {
  const turn = (by: RunSort['by']) =>
    onSortChange({ by, direction: sort.by === by && sort.direction === 'descending' ? 'ascending' : 'descending' })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroller} tabIndex={0} aria-label="Runs of workflows">
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(({ by, title }) => (
              <th key={title} scope="col" aria-sort={by === sort.by ? sort.direction : undefined}>
                {by === null ? (
                  title
                ) : (
                  <button type="button" className={styles.sort} onClick={() => turn(by)}>
                    {title}
                    <span aria-hidden="true">{by !== sort.by ? '' : sort.direction === 'ascending' ? ' ↑' : ' ↓'}</span>
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((run) => (
            <tr key={run.id}>
              <td>
                <button type="button" className={styles.open} onClick={() => onOpen(run.id)} title={run.id}>
                  {run.workflow}
                </button>
              </td>
              <td>
                <RunStateMark run={run} />
              </td>
              <td title={run.error?.message}>{run.status ?? run.error?.message ?? '–'}</td>
              <td>
                {run.kind === 'import'
                  ? formatCount(run.nodes)
                  : `${formatCount(run.left)} of ${formatCount(run.nodes)}`}
              </td>
              <td>{formatDuration(run.duration)}</td>
              <td>{formatDateTime(run.startedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function NoRuns({ unfiltered }: { readonly unfiltered: boolean }) {
  if (!unfiltered) return <EmptyState title="No run matches">Change what narrows them down.</EmptyState>
  return (
    <EmptyState title="No workflow has run yet">
      Start one at the right, or drop a trace file on this window to look at a run from elsewhere.
    </EmptyState>
  )
}
