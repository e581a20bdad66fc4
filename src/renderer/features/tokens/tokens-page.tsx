import { useMemo, useState, useSyncExternalStore } from 'react'
import type { TokenPage, TokenRow } from '../../../shared/contract/tokens.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useWallClock } from '../../client/host-context.tsx'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import type { PageProps } from '../../shell/page.ts'
import { useRouter } from '../../shell/router-context.tsx'
import { type Column, type ColumnLayout, visibleColumns } from '../../table/column.ts'
import { ColumnMenu } from '../../table/column-menu.tsx'
import { type CopyFormat, rowsAsText } from '../../table/copy-rows.ts'
import { DetailSplit } from '../../table/detail-split.tsx'
import type { RowWindow } from '../../table/row-window.ts'
import { addRows, type Selection, selectionMax } from '../../table/selection.ts'
import { useStoredLayout } from '../../table/stored-layout.ts'
import { VirtualTable } from '../../table/virtual-table.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatCount } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { FilterBar } from './filter-bar.tsx'
import { NewRows } from './new-rows.tsx'
import { NoTokens, NothingMatches } from './no-tokens.tsx'
import { SaveHistory } from './save-history.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { tokenColumns } from './token-columns.tsx'
import { TokenInspector } from './token-inspector.tsx'
import styles from './tokens-page.module.css'
import { formatPlace, isUnfiltered, newestFirst, parsePlace, type TokensPlace } from './tokens-place.ts'
import { TokensSummary } from './tokens-summary.tsx'
import { tokenIdOf, useTokenRows } from './use-token-rows.ts'

/** The table of tokens, and the open one beside it. */
export function TokensPage({ path }: PageProps) {
  const router = useRouter()
  const place = useMemo(() => parsePlace(path), [path])
  const go = (change: Partial<TokensPlace>, replace = false) =>
    router.go(formatPlace({ ...place, ...change }), { replace })
  const rows = useTokenRows(place.filter, place.sort)
  const wallOf = useWallClock()
  const columns = useMemo(() => tokenColumns(wallOf), [wallOf])
  const [layout, onLayoutChange] = useStoredLayout('tokens')
  const full = place.full && place.id !== null
  // Here and not in the table: what is selected stays while a token takes the whole page.
  const picked = usePicked(rows)
  const table = { place, go, rows, picked, columns, layout, onLayoutChange }
  return (
    <>
      {full ? null : <TokensHeader {...table} />}
      <ReadingProblem rows={rows} />
      <DetailSplit
        name="tokens"
        detailLabel="Token"
        full={full}
        table={<TokensTable {...table} />}
        detail={
          place.id === null ? null : (
            <TokenInspector
              key={place.id}
              id={place.id}
              full={place.full}
              onFullChange={(next) => go({ full: next })}
              onClose={() => go({ id: null, full: false })}
              pathTo={(id) => formatPlace({ ...place, id })}
              childrenPath={formatPlace({ ...place, full: false, filter: { parent: place.id } })}
            />
          )
        }
      />
    </>
  )
}

interface TokensTableProps {
  readonly place: TokensPlace
  /** Changes the place; `replace` where Back should not lead to what was before. */
  readonly go: (change: Partial<TokensPlace>, replace?: boolean) => void
  readonly rows: RowWindow<TokenRow, TokenPage>
  readonly picked: ReturnType<typeof usePicked>
  readonly columns: readonly Column<TokenRow>[]
  readonly layout: ColumnLayout
  readonly onLayoutChange: (layout: ColumnLayout) => void
}

function TokensHeader({ place, go, rows, columns, layout, onLayoutChange }: TokensTableProps) {
  return (
    <>
      <PageHeader
        title="Tokens"
        note={<TokensSummary rows={rows} filtered={!isUnfiltered(place.filter)} />}
        actions={
          <>
            <NewRows rows={rows} newest={place.sort.by === newestFirst.by} />
            <SaveHistory />
            <ColumnMenu columns={columns} layout={layout} onLayoutChange={onLayoutChange} />
          </>
        }
      />
      <FilterBar filter={place.filter} onFilterChange={(filter) => go({ filter }, true)} />
    </>
  )
}

function TokensTable({ place, go, rows, picked, columns, layout, onLayoutChange }: TokensTableProps) {
  const copy = useCopy(picked.selection, (format, chosen) =>
    rowsAsText(format, chosen, visibleColumns(columns, layout)),
  )
  useTableCommands(rows, picked, copy)
  const unfiltered = isUnfiltered(place.filter)
  return (
    <>
      <VirtualTable
        label="Tokens"
        rows={rows}
        idOf={tokenIdOf}
        columns={columns}
        layout={layout}
        onLayoutChange={onLayoutChange}
        sort={place.sort}
        onSortChange={(sort) => go({ sort: sort as TokensPlace['sort'] }, true)}
        picks={{
          selection: picked.selection,
          onSelectionChange: picked.setSelection,
          selectAll: picked.selectAll,
          onCopy: () => copy('CSV'),
          onRangeFailed: picked.fail,
        }}
        opened={place.id}
        onOpen={(row) => go({ id: row.id }, place.id !== null)}
        empty={unfiltered ? <NoTokens /> : <NothingMatches onClear={() => go({ filter: {} }, true)} />}
      />
      {picked.selection.size === 0 ? null : (
        <SelectionBar
          selection={picked.selection}
          matched={picked.matched}
          onSelectAll={picked.selectEvery}
          onClear={() => picked.setSelection(new Map())}
          onCopy={copy}
        />
      )}
    </>
  )
}

/** What is selected in the table, and how to select all of it. */
function usePicked(rows: RowWindow<TokenRow, TokenPage>) {
  const toasts = useToasts()
  const { count } = useSyncExternalStore(rows.subscribe, rows.snapshot)
  const [selection, setSelection] = useState<Selection<TokenRow>>(new Map())
  const fail = (error: unknown) => {
    const { message, hint } = toErrorData(error)
    toasts.show({ tone: 'bad', title: `The rows could not be read: ${message}`, text: hint })
  }
  const most = Math.min(count, selectionMax)
  const selectEvery = () => {
    rows.range({ first: 0, last: most - 1 }).then((all) => setSelection(addRows(new Map(), all, tokenIdOf)), fail)
  }
  const checked = selection.size === 0 ? 'none' : selection.size >= most ? 'all' : 'some'
  return {
    selection,
    setSelection,
    selectEvery,
    fail,
    matched: count,
    selectAll: {
      checked,
      label: checked === 'all' ? 'Clear the selection' : `Select all ${formatCount(most)}`,
      onToggle: checked === 'all' ? () => setSelection(new Map()) : selectEvery,
    } as const,
  }
}

/** What the buttons around the table do, in the palette. */
function useTableCommands(
  rows: RowWindow<TokenRow, TokenPage>,
  picked: ReturnType<typeof usePicked>,
  copy: (format: CopyFormat) => void,
): void {
  const nothingSelected = picked.selection.size === 0 ? 'No token is selected.' : null
  const group = 'Tokens'
  const noNews = rows.snapshot().above === 0 ? 'The newest tokens are shown already.' : null
  useLocalCommand({ id: 'tokens.selectAll', title: 'Select all tokens that match', group, run: picked.selectEvery })
  useLocalCommand({
    id: 'tokens.showNew',
    title: 'Show new tokens',
    group,
    keys: 'n',
    run: () => rows.showAbove(),
    disabledReason: noNews,
  })
  const copying = (format: CopyFormat) => ({
    id: `tokens.copy${format}`,
    title: `Copy the selected tokens as ${format}`,
    group,
    run: () => copy(format),
    disabledReason: nothingSelected,
  })
  useLocalCommand(copying('JSON'))
  useLocalCommand(copying('CSV'))
  useLocalCommand(copying('Markdown'))
}

function useCopy(
  selection: Selection<TokenRow>,
  textOf: (format: CopyFormat, rows: readonly TokenRow[]) => string,
): (format: CopyFormat) => void {
  const toasts = useToasts()
  return (format) => {
    navigator.clipboard.writeText(textOf(format, [...selection.values()])).then(
      () => toasts.show({ tone: 'good', title: `Copied ${formatCount(selection.size)} tokens as ${format}` }),
      (error: unknown) => toasts.show({ tone: 'bad', title: 'Could not copy', text: String(error) }),
    )
  }
}

function ReadingProblem({ rows }: { readonly rows: RowWindow<TokenRow, TokenPage> }) {
  const { error } = useSyncExternalStore(rows.subscribe, rows.snapshot)
  if (error === null || toErrorData(error).kind === 'disconnected') return null
  return (
    <div className={styles.problem}>
      <ErrorNotice error={toErrorData(error)} />
    </div>
  )
}
