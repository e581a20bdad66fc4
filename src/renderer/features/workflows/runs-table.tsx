import { ArrowUp } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import {
  type RunFilter,
  type RunSort,
  type RunState,
  runSortKeys,
  runStates,
  type WorkflowRunRow,
} from '../../../shared/contract/workflows.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useConnection, useHost } from '../../client/host-context.tsx'
import { FindField } from '../../shell/find-field.tsx'
import type { Column } from '../../table/column.ts'
import { type RowPage, RowWindow } from '../../table/row-window.ts'
import { useStoredLayout } from '../../table/stored-layout.ts'
import type { TableSort } from '../../table/table-header.tsx'
import { VirtualTable } from '../../table/virtual-table.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatCount, formatDateTime, formatDuration, formatPlural, formatShown } from '../../ui/format.ts'
import { Select } from '../../ui/select.tsx'
import { RunStateMark } from './run-state.tsx'
import { useRunChanges } from './use-run-changes.ts'
import styles from './workflows-page.module.css'

export interface RunsTableProps {
  readonly onOpen: (run: string) => void
}

const newestFirst: TableSort = { by: 'startedAt', direction: 'descending' }

const columns: readonly Column<WorkflowRunRow>[] = [
  {
    id: 'workflow',
    title: 'Workflow',
    width: 128,
    growth: 4,
    fixed: true,
    sortable: true,
    text: (run) => run.workflow,
  },
  {
    id: 'state',
    title: 'State',
    width: 104,
    sortable: true,
    text: (run) => words[run.state],
    cell: (run) => (
      <span className={styles.state}>
        <RunStateMark run={run} />
      </span>
    ),
  },
  { id: 'outcome', title: 'Outcome', width: 112, growth: 3, text: (run) => run.status ?? run.error?.message ?? '–' },
  { id: 'nodes', title: 'Nodes done', width: 96, align: 'end', text: nodesOf },
  {
    id: 'duration',
    title: 'Duration',
    width: 88,
    align: 'end',
    sortable: true,
    text: (run) => formatDuration(run.duration),
  },
  { id: 'startedAt', title: 'Started', width: 168, sortable: true, text: (run) => formatDateTime(run.startedAt) },
]

/** Every run that is kept, newest first, with what narrows them down. */
export function RunsTable({ onOpen }: RunsTableProps) {
  const [text, setText] = useState('')
  const [state, setState] = useState<RunState | 'any'>('any')
  const [sort, setSort] = useState(newestFirst)
  const [layout, setLayout] = useStoredLayout('runs')
  const rows = useRuns(text, state, sort)
  const { page, error, above } = useSyncExternalStore(rows.subscribe, rows.snapshot)
  return (
    <section className={styles.runs} aria-label="Runs">
      <div className={styles.filters}>
        <FindField
          command={{ id: 'workflows.find', title: 'Find runs', group: 'Workflows' }}
          label="Find runs"
          placeholder="Find runs"
          value={text}
          onValueChange={setText}
        />
        <Select
          aria-label="State"
          value={state}
          options={[
            { value: 'any', label: 'Every state' },
            ...runStates.map((value) => ({ value, label: words[value] })),
          ]}
          onValueChange={setState}
        />
        {above === 0 ? null : (
          <Button size="small" icon={<ArrowUp size={14} aria-hidden="true" />} onClick={() => rows.showAbove()}>
            {formatPlural(above, 'new run')}
          </Button>
        )}
        <span className={styles.count} role="status">
          {page === null ? '' : formatShown(page.matched, page.kept, 'runs')}
        </span>
      </div>
      {error === null ? null : <ErrorNotice error={toErrorData(error)} />}
      <VirtualTable
        label="Runs of workflows"
        rows={rows}
        idOf={idOfRun}
        columns={columns}
        layout={layout}
        onLayoutChange={setLayout}
        sort={sort}
        onSortChange={setSort}
        picks={null}
        opened={null}
        onOpen={({ id }) => onOpen(id)}
        empty={<NoRuns unfiltered={text === '' && state === 'any'} />}
      />
    </section>
  )
}

const words: Readonly<Record<RunState, string>> = {
  waiting: 'Waiting',
  running: 'Executing',
  completed: 'Completed',
  failed: 'Failed',
  killed: 'Killed',
  timeout: 'Timed out',
  imported: 'Imported',
}

type RunPage = RowPage<WorkflowRunRow> & { readonly kept: number }

function useRuns(text: string, state: RunState | 'any', sort: TableSort): RowWindow<WorkflowRunRow, RunPage> {
  const host = useHost()
  const connected = useConnection((connection) => connection.client !== null)
  const [rows] = useState(() => new RowWindow<WorkflowRunRow, RunPage>(idOfRun))
  useEffect(() => {
    if (!connected) return
    const filter: RunFilter = { ...(text === '' ? {} : { text }), ...(state === 'any' ? {} : { states: [state] }) }
    rows.ask((offset, limit) => host.call('workflows.runs', { filter, sort: asRunSort(sort), offset, limit }))
    // After a lost connection the host may be another one, which counts its versions anew.
    rows.refresh()
    return () => rows[Symbol.dispose]()
  }, [host, rows, text, state, sort, connected])
  useRunChanges((_runs, version) => rows.hostIsAt(version))
  return rows
}

function asRunSort({ by, direction }: TableSort): RunSort {
  return { by: runSortKeys.find((key) => key === by) ?? 'startedAt', direction }
}

function idOfRun({ id }: WorkflowRunRow): string {
  return id
}

function nodesOf({ kind, left, nodes }: WorkflowRunRow): string {
  return kind === 'import' || left === nodes ? formatCount(nodes) : `${formatCount(left)} of ${formatCount(nodes)}`
}

function NoRuns({ unfiltered }: { readonly unfiltered: boolean }) {
  if (!unfiltered) return <EmptyState title="No run matches">Change what narrows them down.</EmptyState>
  return (
    <EmptyState title="No workflow has run yet">
      Start one at the right, or drop a trace file on this window to look at a run from elsewhere.
    </EmptyState>
  )
}
