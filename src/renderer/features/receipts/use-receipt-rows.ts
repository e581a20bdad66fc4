import { useEffect, useMemo, useRef, useState } from 'react'
import type { ProcedureInput, ProcedureOutput } from '../../../shared/contract/index.ts'
import { useConnection, useHost, useHostEvents } from '../../client/host-context.tsx'
import { type RowPage, RowWindow } from '../../table/row-window.ts'

export type ReceiptRow = ProcedureOutput<'receipts.query'>['rows'][number]
export type ReceiptPage = ProcedureOutput<'receipts.query'> & RowPage<ReceiptRow>
type Filter = NonNullable<ProcedureInput<'receipts.query'>['filter']>

export function receiptIdOf(row: ReceiptRow): string {
  return row.id
}

/** A receipt comes a moment after its token has ended: one look more than tokens tell of. Milliseconds. */
const newsEveryMs = 1000

/** The receipts that match, newest first, as the table needs them. */
export function useReceiptRows(filter: Filter): RowWindow<ReceiptRow, ReceiptPage> {
  const host = useHost()
  const connected = useConnection((state) => state.client !== null)
  const [rows] = useState(() => new RowWindow<ReceiptRow, ReceiptPage>(receiptIdOf))
  const question = useMemo(() => JSON.stringify(filter), [filter])
  const asked = useRef<string | null>(null)
  const news = useRef(0)
  useEffect(() => {
    if (!connected) return
    // The same question after a lost connection: the rows and the place stay.
    if (asked.current === question) return rows.refresh()
    asked.current = question
    const wanted = JSON.parse(question) as Filter
    rows.ask(async (offset, limit) => {
      const version = news.current
      const page = await host.call('receipts.query', { filter: wanted, offset, limit })
      return { ...page, version, ever: page.kept }
    })
  }, [host, rows, question, connected])
  useEffect(() => {
    let tokens = Number.NaN
    const unsubscribe = host.telemetry.subscribe((frame) => {
      if (frame.tokensVersion !== tokens) news.current += 1
      rows.hostIsAt(news.current)
      tokens = frame.tokensVersion
    }, newsEveryMs)
    return () => {
      unsubscribe()
      rows[Symbol.dispose]()
      asked.current = null
    }
  }, [host, rows])
  useHostEvents((event) => {
    // Pinned, put by hand, purged.
    if (event.kind !== 'audit') return
    news.current += 1
    rows.hostIsAt(news.current)
  })
  return rows
}
