import { useEffect, useRef, useState } from 'react'
import type { ProcedureOutput } from '../../../shared/contract/index.ts'
import { shortTupleId } from '../../../shared/model/tuple-id.ts'
import { useQuery } from '../../client/host-context.tsx'
import { FindField } from '../../shell/find-field.tsx'
import { Link } from '../../shell/router-context.tsx'
import { type DataColumn, DataTable } from '../../table/data-table.tsx'
import { Pager } from '../../table/pager.tsx'
import { opensRow } from '../../table/row-focus.ts'
import { Badge } from '../../ui/badge.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatCount, missing } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import styles from './bus-page.module.css'
import { type BusPlace, formatBusPlace } from './bus-place.ts'
import { dataOf, templateOf, textOf } from './tuple-text.ts'

type Row = ProcedureOutput<'bus.tuples'>['tuples'][number]

export interface TuplesPanelProps {
  readonly place: BusPlace
  readonly go: (change: Partial<BusPlace>, replace?: boolean) => void
  /** Grows when it is time to look again. */
  readonly looks: number
}

const pageSize = 100

/** What is on the bus now, oldest first: of every lane, of one, or what a template matches. */
export function TuplesPanel({ place, go, looks }: TuplesPanelProps) {
  // A page belongs to what is looked for.
  const [page, setPage] = useState({ find: place.find, offset: 0 })
  const offset = page.find === place.find ? page.offset : 0
  const template = templateOf(place.find)
  const { data, error, refresh } = useQuery('bus.tuples', { template: template ?? {}, offset, limit: pageSize })
  const newest = useRef(refresh)
  newest.current = refresh
  useEffect(() => {
    if (looks > 0) newest.current()
  }, [looks])
  const rows = data?.tuples ?? []
  return (
    <Panel
      flush
      title="Live tuples"
      note={
        data === null || data.matched === 0 ? undefined : (
          <Pager
            offset={offset}
            shown={rows.length}
            total={data.matched}
            size={pageSize}
            nouns="tuples"
            onOffset={(next) => setPage({ find: place.find, offset: next })}
          />
        )
      }
      actions={
        <FindField
          command={{ id: 'bus.find', title: 'Find tuples', group: 'Bus' }}
          className={styles.filter}
          label="Find tuples by lane or template"
          aria-invalid={template === null || undefined}
          placeholder={'Lane, or { "n": 7 }'}
          value={place.find}
          onValueChange={(find) => go({ find: find.trimStart() }, true)}
        />
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      {rows.length === 0 ? (
        <p className={styles.quiet}>{data === null ? 'Looking…' : emptyText(place.find, data.matched)}</p>
      ) : (
        <DataTable
          label="Live tuples"
          columns={columnsOf(place)}
          rows={rows}
          keyOf={({ tuple }) => String(tuple.id)}
          isOpen={({ tuple }) => tuple.id === place.tuple}
        />
      )}
    </Panel>
  )
}

function columnsOf(place: BusPlace): readonly DataColumn<Row>[] {
  return [
    {
      title: 'Tuple',
      cell: ({ tuple }) => {
        const id = String(tuple.id)
        const open = id === place.tuple
        return (
          <Link
            {...opensRow}
            to={formatBusPlace({ ...place, tuple: id })}
            className={styles.id}
            aria-current={open ? 'true' : undefined}
            title={id}
          >
            {shortTupleId(id)}
          </Link>
        )
      },
    },
    { title: 'Lane', short: true, whole: laneOf, cell: (row) => laneOf(row) || missing },
    { title: 'Yool', short: true, whole: yoolOf, cell: (row) => yoolOf(row) || missing },
    {
      title: 'State',
      cell: ({ leased }) => <Badge tone={leased ? 'info' : 'neutral'}>{leased ? 'lent' : 'waits'}</Badge>,
    },
    { title: 'Taken', number: true, cell: ({ deliveries }) => `${formatCount(deliveries)} ×` },
    { title: 'Data', mono: true, cell: ({ tuple }) => dataOf(tuple) },
  ]
}

function laneOf({ tuple }: Row): string {
  return textOf(tuple.lane) ?? ''
}

function yoolOf({ tuple }: Row): string {
  return textOf(tuple.yool) ?? ''
}

function emptyText(text: string, matched: number): string {
  if (matched > 0) return 'There are no more of them.'
  const wanted = text.trim()
  if (wanted === '') return 'No tuples are on the bus.'
  return wanted.startsWith('{') ? 'No tuple matches this template.' : `The lane ${wanted} holds no tuples.`
}
