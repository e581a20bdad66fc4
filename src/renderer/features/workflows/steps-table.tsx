import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { StepRow } from '../../../shared/contract/workflows.ts'
import { useConnection, useHost } from '../../client/host-context.tsx'
import type { Column } from '../../table/column.ts'
import { type RowPage, RowWindow } from '../../table/row-window.ts'
import { useStoredLayout } from '../../table/stored-layout.ts'
import { VirtualTable } from '../../table/virtual-table.tsx'
import { IconButton } from '../../ui/button.tsx'
import { TextInput } from '../../ui/field.tsx'
import { formatDuration, formatWorker } from '../../ui/format.ts'
import styles from './workflows-page.module.css'

export interface StepsTableProps {
  readonly run: string
  /** Changes when there may be further steps. */
  readonly version: number
  /** Only steps of this node; null for all. */
  readonly node: number | null
  readonly nodeName: string
  readonly onNodeClear: () => void
  readonly opened: number | null
  readonly onOpen: (row: StepRow) => void
}

const columns: readonly Column<StepRow>[] = [
  { id: 'name', title: 'Step', width: 96, growth: 4, fixed: true, text: (row) => row.name },
  { id: 'status', title: 'Outcome', width: 84, text: (row) => row.status },
  {
    id: 'core',
    title: 'Core',
    width: 48,
    align: 'end',
    text: (row) => (row.core === null ? '–' : formatWorker(row.core, row.worker)),
  },
  { id: 'started', title: 'Began', width: 72, align: 'end', text: (row) => formatDuration(row.startedAt) },
  { id: 'ran', title: 'Ran', width: 84, align: 'end', text: (row) => formatDuration(row.endedAt - row.startedAt) },
]

/** The steps of a run, however many: only those in sight are read. */
export function StepsTable({ run, version, node, nodeName, onNodeClear, opened, onOpen }: StepsTableProps) {
  const [text, setText] = useState('')
  const [layout, setLayout] = useStoredLayout('steps')
  const rows = useStepRows(run, version, node, text)
  return (
    <section className={styles.steps} aria-label="Steps">
      <div className={styles.filters}>
        <TextInput aria-label="Find steps" placeholder="Find steps" value={text} onValueChange={setText} />
        {node === null ? null : (
          <span className={styles.chip}>
            {nodeName}
            <IconButton
              size="small"
              label="Show steps of every node"
              icon={<X size={12} aria-hidden="true" />}
              onClick={onNodeClear}
            />
          </span>
        )}
      </div>
      <VirtualTable
        label="Steps"
        rows={rows}
        idOf={stepId}
        columns={columns}
        layout={layout}
        onLayoutChange={setLayout}
        sort={null}
        onSortChange={() => undefined}
        picks={null}
        opened={opened === null ? null : String(opened)}
        onOpen={onOpen}
        empty={<p className={styles.muted}>No step{text === '' ? ' has ended yet' : ' matches'}.</p>}
      />
    </section>
  )
}

function stepId(row: StepRow): string {
  return String(row.index)
}

function useStepRows(
  run: string,
  version: number,
  node: number | null,
  text: string,
): RowWindow<StepRow, RowPage<StepRow>> {
  const host = useHost()
  const connected = useConnection((state) => state.client !== null)
  const [rows] = useState(() => new RowWindow<StepRow, RowPage<StepRow>>(stepId))
  useEffect(() => {
    if (!connected) return
    rows.ask(async (offset, limit) => {
      const filter = { ...(node === null ? {} : { node }), ...(text === '' ? {} : { text }) }
      const page = await host.call('workflows.steps', { run, ...filter, offset, limit })
      return { ...page, version: 0 }
    })
  }, [host, rows, run, node, text, connected])
  useEffect(() => {
    if (version > 0) rows.refresh()
  }, [rows, version])
  return rows
}
