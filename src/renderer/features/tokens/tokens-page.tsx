import { useEffect, useMemo, useRef } from 'react'
import type { TokenPage, TokenRow } from '../../../shared/contract/tokens.ts'
import { useWallClock } from '../../client/host-context.tsx'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import type { PageProps } from '../../shell/page.ts'
import { useRouter } from '../../shell/router-context.tsx'
import { type Column, type ColumnLayout, visibleColumns } from '../../table/column.ts'
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
import { PageHeader } from '../../ui/page-header.tsx'
import { FilterBar } from './filter-bar.tsx'
import { NoTokens, NothingMatches } from './no-tokens.tsx'
import { SaveHistory } from './save-history.tsx'
import { SelectionCommands } from './selection-commands.tsx'
import { tokenColumns } from './token-columns.tsx'
import { TokenInspector } from './token-inspector.tsx'
import { formatPlace, isUnfiltered, newestFirst, parsePlace, type TokensPlace } from './tokens-place.ts'
import { TokensSummary } from './tokens-summary.tsx'
import { useOpening } from './use-opening.ts'
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
  const openedBefore = useRef<string | null>(null)
  useEffect(() => {
    openedBefore.current = place.id
  }, [place.id])
  // Here and not in the table: what is selected stays while a token takes the whole page.
  const picked = usePicked(rows, tokenIdOf)
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
              first={openedBefore.current === null}
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

type Picked = ReturnType<typeof usePicked<TokenRow, TokenPage>>

interface TokensTableProps {
  readonly place: TokensPlace
  /** Changes the place; `replace` where Back should not lead to what was before. */
  readonly go: (change: Partial<TokensPlace>, replace?: boolean) => void
  readonly rows: RowWindow<TokenRow, TokenPage>
  readonly picked: Picked
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
  const open = useOpening((id) => go({ id }, place.id !== null))
  const copy = useCopyRows(picked.selection, visibleColumns(columns, layout), 'token')
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
        onOpen={(row) => void open(row.id)}
        empty={unfiltered ? <NoTokens /> : <NothingMatches onClear={() => go({ filter: {} }, true)} />}
      />
      {picked.selection.size === 0 ? null : (
        <SelectionBar
          label="Selected tokens"
          selected={picked.selection.size}
          matched={picked.matched}
          onSelectAll={picked.selectEvery}
          onClear={() => picked.setSelection(new Map())}
          onCopy={copy}
        >
          <SelectionCommands selection={picked.selection} />
        </SelectionBar>
      )}
    </>
  )
}

/** What the buttons around the table do, in the palette. */
function useTableCommands(
  rows: RowWindow<TokenRow, TokenPage>,
  picked: Picked,
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
