import { Waypoints } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { useQuery } from '../../client/host-context.tsx'
import type { PageDefinition } from '../../shell/page.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatPlural } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { AgentsPanel } from './agents-panel.tsx'
import styles from './bus-page.module.css'
import { HandPanel } from './hand-panel.tsx'
import { LanesPanel } from './lanes-panel.tsx'
import { MatchesPanel } from './matches-panel.tsx'
import { TuplesPanel } from './tuples-panel.tsx'
import { WaitersPanel } from './waiters-panel.tsx'

export const busPage: PageDefinition = {
  id: 'bus',
  title: 'Bus',
  icon: <Waypoints size={16} aria-hidden="true" />,
  command: 'go.bus',
  Component: BusPage,
}

/** Tuples come and go without a word to anybody else: the page looks again this often while it is seen, milliseconds. */
const lookEveryMs = 1000

const storeNames = { memory: 'in memory', sqlite: 'in SQLite, on this disk', redis: 'on a Redis server' }

function BusPage() {
  const lanes = useQuery('bus.lanes', {}, { onEvents: ['audit'] })
  const waiters = useQuery('bus.waiters', {})
  const matches = useQuery('bus.matches', { limit: 50 })
  const [lane, setLane] = useState('')
  const template = lane === '' ? {} : { lane }
  const tuples = useQuery('bus.tuples', { template, limit: 100 })
  const { refresh: lanesAgain } = lanes
  const { refresh: waitersAgain } = waiters
  const { refresh: matchesAgain } = matches
  const { refresh: tuplesAgain } = tuples
  const refresh = useCallback(() => {
    lanesAgain()
    waitersAgain()
    matchesAgain()
    tuplesAgain()
  }, [lanesAgain, waitersAgain, matchesAgain, tuplesAgain])
  useEffect(() => {
    const timer = setInterval(refresh, lookEveryMs)
    return () => clearInterval(timer)
  }, [refresh])
  const held = lanes.data?.lanes.reduce((sum, { waiting, leased }) => sum + waiting + leased, 0) ?? 0
  return (
    <>
      <PageHeader
        title="Bus"
        note={lanes.data === null ? undefined : `${formatPlural(held, 'tuple')}, kept ${storeNames[lanes.data.store]}`}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.page} tabIndex={0} aria-label="Bus">
        {lanes.error === null ? null : (
          <ErrorNotice error={lanes.error} actions={<Button onClick={refresh}>Try again</Button>} />
        )}
        <LanesPanel
          lanes={lanes.data?.lanes ?? []}
          total={lanes.data?.total ?? 0}
          onChosen={setLane}
          onDone={refresh}
        />
        <div className={styles.pair}>
          <TuplesPanel page={tuples.data} lane={lane} onLane={setLane} />
          <HandPanel onDone={refresh} />
        </div>
        <div className={styles.pair}>
          <MatchesPanel matches={matches.data?.matches ?? []} />
          <WaitersPanel waiters={waiters.data?.waiters ?? []} total={waiters.data?.total ?? 0} />
        </div>
        <AgentsPanel />
      </section>
    </>
  )
}
