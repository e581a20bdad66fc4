import { useEffect, useMemo, useRef, useState } from 'react'
import type { TokenFilter, TokenPage, TokenRow, TokenSort } from '../../../shared/contract/tokens.ts'
import { useConnection, useHost } from '../../client/host-context.tsx'
import { RowWindow } from '../../table/row-window.ts'

// Four readings a second are as many as a person can read.
const newsEveryMs = 250

export function tokenIdOf(row: TokenRow): string {
  return row.id
}

/** The tokens that match, as the table needs them: read in windows, and again when the host says that they changed. */
export function useTokenRows(filter: TokenFilter, sort: TokenSort): RowWindow<TokenRow, TokenPage> {
  const host = useHost()
  const connected = useConnection((state) => state.client !== null)
  const [rows] = useState(() => new RowWindow<TokenRow, TokenPage>(tokenIdOf))
  const question = useMemo(() => JSON.stringify({ filter, sort }), [filter, sort])
  const asked = useRef<string | null>(null)
  useEffect(() => {
    if (!connected) return
    // The same question after a lost connection: the rows and the place stay.
    if (asked.current === question) return rows.refresh()
    asked.current = question
    const input = JSON.parse(question) as { filter: TokenFilter; sort: TokenSort }
    rows.ask(async (offset, limit) => {
      const page = await host.call('tokens.query', { ...input, offset, limit })
      return { ...page, ever: page.kept + page.evicted }
    })
  }, [host, rows, question, connected])
  useEffect(() => {
    const unsubscribe = host.telemetry.subscribe((frame) => rows.hostIsAt(frame.tokensVersion), newsEveryMs)
    return () => {
      unsubscribe()
      rows[Symbol.dispose]()
      asked.current = null
    }
  }, [host, rows])
  return rows
}
