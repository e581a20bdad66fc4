import { useEffect, useRef } from 'react'
import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { isTerminal } from '../../../shared/model/token.ts'
import { useHost, useQuery } from '../../client/host-context.tsx'

/** present: the host keeps it. gone: the host kept it when it was last read. unknown: it was never seen here. */
export type TokenPresence = 'reading' | 'present' | 'gone' | 'unknown'

export interface TokenReading {
  /** The last that is known; null before the first answer. */
  readonly detail: TokenDetail | null
  readonly presence: TokenPresence
  /** What went wrong besides the token not being there; null when nothing did. */
  readonly error: unknown
}

const liveEveryMs = 250
// An ended token changes no more, but it can be forgotten, and a failed one can be queued again.
const endedEveryMs = 2000

/** Everything known of one token, kept up to date. `id` must not change while the component is there. */
export function useTokenDetail(id: string): TokenReading {
  const host = useHost()
  const query = useQuery('tokens.get', { id })
  const newest = useRef(query)
  newest.current = query
  const { data: detail, error } = query
  const live = detail === null || !isTerminal(detail.state) || detail.stopping
  useEffect(
    () => host.telemetry.subscribe(() => newest.current.refresh(), live ? liveEveryMs : endedEveryMs),
    [host, live],
  )
  const notFound = error !== null && toErrorData(error).kind === 'not-found'
  return { detail, presence: presenceOf(detail, notFound), error: notFound ? null : error }
}

function presenceOf(detail: TokenDetail | null, notFound: boolean): TokenPresence {
  if (notFound) return detail === null ? 'unknown' : 'gone'
  return detail === null ? 'reading' : 'present'
}
