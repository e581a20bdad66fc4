import type { ProcedureOutput } from '../../../shared/contract/index.ts'
import { Badge } from '../../ui/badge.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { TextInput } from '../../ui/field.tsx'
import { formatShown } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import styles from './bus-page.module.css'
import { type Column, DataTable } from './data-table.tsx'

type Page = ProcedureOutput<'bus.tuples'>
type Row = Page['tuples'][number]

export interface TuplesPanelProps {
  readonly page: Page | null
  readonly lane: string
  readonly onLane: (lane: string) => void
}

/** Longest text of a tuple in its row; the copy has all of it. */
const shownCharacters = 300

/** What is on the bus now, oldest first. */
export function TuplesPanel({ page, lane, onLane }: TuplesPanelProps) {
  const columns: readonly Column<Row>[] = [
    { title: 'Lane', cell: ({ tuple }) => textOf(tuple.lane) },
    { title: 'Yool', cell: ({ tuple }) => textOf(tuple.yool) },
    {
      title: 'State',
      cell: ({ leased }) => <Badge tone={leased ? 'info' : 'neutral'}>{leased ? 'lent' : 'waits'}</Badge>,
    },
    { title: 'Taken', number: true, cell: ({ deliveries }) => `${deliveries} ×` },
    { title: 'Data', cell: ({ tuple }) => <span className={styles.mono}>{dataOf(tuple)}</span> },
    {
      title: 'Copy',
      pinned: true,
      cell: ({ tuple }) => <CopyButton label="Copy the tuple" text={() => JSON.stringify(tuple, null, 2)} />,
    },
  ]
  return (
    <Panel
      title="Live tuples"
      note={page === null ? undefined : formatShown(page.tuples.length, page.matched, 'tuples')}
      actions={
        <TextInput aria-label="Only this lane" placeholder="Only this lane" value={lane} onValueChange={onLane} />
      }
    >
      <DataTable
        label="Live tuples"
        columns={columns}
        rows={page?.tuples ?? []}
        keyOf={({ tuple }) => String(tuple.id)}
        empty={lane === '' ? 'No tuples are on the bus.' : `The lane ${lane} holds no tuples.`}
      />
    </Panel>
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '–'
}

function dataOf({ id, created_at, lane, yool, ...rest }: Record<string, unknown>): string {
  return JSON.stringify(rest).slice(0, shownCharacters)
}
