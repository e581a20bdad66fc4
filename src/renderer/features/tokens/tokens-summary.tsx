import { useEffect, useState, useSyncExternalStore } from 'react'
import type { TokenPage, TokenRow } from '../../../shared/contract/tokens.ts'
import type { RowWindow } from '../../table/row-window.ts'
import { formatCount, formatPlural } from '../../ui/format.ts'

export interface TokensSummaryProps {
  readonly rows: RowWindow<TokenRow, TokenPage>
  readonly filtered: boolean
}

/** How many tokens are shown, of how many kept, and how many are gone. */
export function TokensSummary({ rows, filtered }: TokensSummaryProps) {
  const { page, asking } = useSyncExternalStore(rows.subscribe, rows.snapshot)
  const [announced, setAnnounced] = useState('')
  // Only the answer to another filter is news to a listener; the counts change all the time.
  useEffect(() => {
    const answer = asking ? null : rows.snapshot().page
    if (answer !== null) setAnnounced(filtered ? filterAnnouncement(answer) : '')
  }, [rows, asking, filtered])
  return (
    <>
      {page === null ? null : <span>{summaryText(page, filtered)}</span>}
      <span className="visually-hidden" role="status">
        {announced}
      </span>
    </>
  )
}

/** `4,312 of 100,167 kept tokens · 4,217 no longer kept`, and how many a search has not looked at yet, or cannot look at. */
export function summaryText(
  { matched, kept, evicted, unsearched = 0, unsearchable = 0 }: TokenPage,
  filtered: boolean,
): string {
  const shown = filtered
    ? `${formatCount(matched)} of ${formatPlural(kept, 'kept token')}`
    : formatPlural(kept, 'kept token')
  const parts = [shown]
  if (unsearched > 0) parts.push(`${formatCount(unsearched)} not searched yet`)
  if (unsearchable > 0) parts.push(`${formatCount(unsearchable)} too old to be searched for text`)
  if (evicted > 0) parts.push(`${formatCount(evicted)} no longer kept`)
  return parts.join(' · ')
}

function filterAnnouncement({ matched }: TokenPage): string {
  return matched === 1 ? '1 token matches' : `${formatCount(matched)} tokens match`
}
