import { ReceiptText } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import { FindField } from '../../shell/find-field.tsx'
import type { PageDefinition, PageProps } from '../../shell/page.ts'
import { Link, useRouter } from '../../shell/router-context.tsx'
import { visibleColumns } from '../../table/column.ts'
import { ColumnMenu } from '../../table/column-menu.tsx'
import type { CopyFormat } from '../../table/copy-rows.ts'
import { DetailSplit } from '../../table/detail-split.tsx'
import { NewRows } from '../../table/new-rows.tsx'
import { ReadingProblem } from '../../table/reading-problem.tsx'
import type { RowWindow } from '../../table/row-window.ts'
import { SelectionBar } from '../../table/selection-bar.tsx'
import { useStoredLayout } from '../../table/stored-layout.ts'
import { useCopyRows } from '../../table/use-copy-rows.ts'
import { usePicked } from '../../table/use-picked.ts'
import { VirtualTable } from '../../table/virtual-table.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { formatCount, formatPlural } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Select } from '../../ui/select.tsx'
import { receiptColumns } from './receipt-columns.tsx'
import { filterOf, type ReceiptView, receiptViews } from './receipt-filter.ts'
import { ReceiptInspector } from './receipt-inspector.tsx'
import styles from './receipts-page.module.css'
import { usePin } from './use-pin.ts'
import { type ReceiptPage, type ReceiptRow, receiptIdOf, useReceiptRows } from './use-receipt-rows.ts'

export const receiptsPage: PageDefinition = {
  id: 'receipts',
  title: 'Receipts',
  icon: <ReceiptText size={16} aria-hidden="true" />,
  command: 'go.receipts',
  Component: ReceiptsPage,
}

/** `path` is the id of the open receipt, if one is. */
function ReceiptsPage({ path }: PageProps) {
  const id = path[0] ?? null
  const [text, setText] = useState('')
  const [view, setView] = useState<ReceiptView>('all')
  const router = useRouter()
  const rows = useReceiptRows(filterOf(view, text))
  const [layout, onLayoutChange] = useStoredLayout('receipts')
  const picked = usePicked(rows, receiptIdOf)
  const copy = useCopyRows(picked.selection, visibleColumns(receiptColumns, layout), 'receipt')
  const clear = () => {
    setText('')
    setView('all')
  }
  return (
    <>
      <PageHeader
        title="Receipts"
        note={<Summary rows={rows} filtered={view !== 'all' || text.trim() !== ''} />}
        actions={
          <>
            <NewRows rows={rows} newest />
            <Select aria-label="Which receipts" value={view} options={receiptViews} onValueChange={setView} />
            <FindField
              command={{ id: 'receipts.find', title: 'Find receipts', group: 'Receipts' }}
              className={styles.filter}
              label="Search receipts"
              placeholder="Search: operation, token, id"
              value={text}
              onValueChange={setText}
            />
            <ColumnMenu columns={receiptColumns} layout={layout} onLayoutChange={onLayoutChange} />
          </>
        }
      />
      <ReadingProblem rows={rows} />
      <DetailSplit
        name="receipts"
        detailLabel="Receipt"
        table={
          <>
            <VirtualTable
              label="Receipts"
              rows={rows}
              idOf={receiptIdOf}
              columns={receiptColumns}
              layout={layout}
              onLayoutChange={onLayoutChange}
              sort={null}
              onSortChange={() => undefined}
              picks={{
                selection: picked.selection,
                onSelectionChange: picked.setSelection,
                selectAll: picked.selectAll,
                onCopy: () => copy('CSV'),
                onRangeFailed: picked.fail,
              }}
              opened={id}
              onOpen={(row) => router.go(['receipts', row.id], { replace: id !== null })}
              empty={<Nothing rows={rows} onClear={clear} />}
            />
            <PickedReceipts picked={picked} onCopy={copy} />
          </>
        }
        detail={id === null ? null : <ReceiptInspector key={id} id={id} onClose={() => router.go(['receipts'])} />}
      />
    </>
  )
}

type Rows = RowWindow<ReceiptRow, ReceiptPage>

function Summary({ rows, filtered }: { readonly rows: Rows; readonly filtered: boolean }) {
  const { page } = useSyncExternalStore(rows.subscribe, rows.snapshot)
  if (page === null) return null
  const { matched, kept, lost } = page
  const shown = filtered ? `${formatCount(matched)} of ${formatPlural(kept, 'receipt')}` : formatPlural(kept, 'receipt')
  return lost === 0 ? shown : `${shown} · ${formatCount(lost)} could not be kept`
}

interface PickedReceiptsProps {
  readonly picked: ReturnType<typeof usePicked<ReceiptRow, ReceiptPage>>
  readonly onCopy: (format: CopyFormat) => void
}

/** What can be done with the selected receipts; the same in the palette. */
function PickedReceipts({ picked, onCopy }: PickedReceiptsProps) {
  const { pin, block } = usePin()
  const { selection } = picked
  const ids = [...selection.keys()]
  const group = 'Receipts'
  const disabledReason = block ?? (selection.size === 0 ? 'No receipt is selected.' : null)
  useLocalCommand({ id: 'receipts.selectAll', title: 'Select all receipts that match', group, run: picked.selectEvery })
  useLocalCommand({
    id: 'receipts.holdSelected',
    title: 'Hold the bodies of the selected receipts',
    group,
    run: () => void pin(ids, true),
    disabledReason,
  })
  useLocalCommand({
    id: 'receipts.letGoSelected',
    title: 'Let the bodies of the selected receipts go',
    group,
    run: () => void pin(ids, false),
    disabledReason,
  })
  if (selection.size === 0) return null
  return (
    <SelectionBar
      label="Selected receipts"
      selected={selection.size}
      matched={picked.matched}
      onSelectAll={picked.selectEvery}
      onClear={() => picked.setSelection(new Map())}
      onCopy={onCopy}
    >
      <Button size="small" disabledReason={disabledReason} onClick={() => void pin(ids, true)}>
        Hold their bodies
      </Button>
      <Button size="small" disabledReason={disabledReason} onClick={() => void pin(ids, false)}>
        Let them go
      </Button>
    </SelectionBar>
  )
}

function Nothing({ rows, onClear }: { readonly rows: Rows; readonly onClear: () => void }) {
  const { page } = useSyncExternalStore(rows.subscribe, rows.snapshot)
  return (page?.kept ?? 0) > 0 ? (
    <EmptyState title="No receipt matches" action={<Button onClick={onClear}>Show every receipt</Button>}>
      The search looks at the operation, the token and the receipt’s own id.
    </EmptyState>
  ) : (
    <EmptyState
      icon={<ReceiptText size={24} aria-hidden="true" />}
      title="No receipt was left yet"
      action={
        <Link to={['settings']} className={styles.action}>
          Let every token leave one
        </Link>
      }
    >
      A receipt proves what ran: inputs, code, core, result, and what it rests on. Operations with the tag{' '}
      <code>receipt</code> or <code>cache</code> leave one; the option <code>receipts</code> lets every token do so.
    </EmptyState>
  )
}
