import { Plus, Waypoints } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { useQuery } from '../../client/host-context.tsx'
import { useEvery } from '../../client/use-every.ts'
import { useWriteBlock } from '../../client/write-block.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import type { PageDefinition, PageProps } from '../../shell/page.ts'
import { useRouter } from '../../shell/router-context.tsx'
import { DetailSplit } from '../../table/detail-split.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatPlural } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { AgentsPanel } from './agents-panel.tsx'
import styles from './bus-page.module.css'
import { type BusPlace, formatBusPlace, parseBusPlace } from './bus-place.ts'
import { HandPanel } from './hand-panel.tsx'
import { LaneCommands } from './lane-commands.tsx'
import { WorkLaneDialog } from './lane-work-dialog.tsx'
import { LanesPanel } from './lanes-panel.tsx'
import { MatchesPanel } from './matches-panel.tsx'
import { TupleInspector } from './tuple-inspector.tsx'
import { TuplesPanel } from './tuples-panel.tsx'
import { useLaneRequests } from './use-lane-requests.tsx'
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

/** `path` says what is looked for and which tuple is open. */
function BusPage({ path }: PageProps) {
  const place = useMemo(() => parseBusPlace(path), [path])
  const router = useRouter()
  const go = (change: Partial<BusPlace>, replace = false) =>
    router.go(formatBusPlace({ ...place, ...change }), { replace })
  return (
    <DetailSplit
      name="bus"
      detailLabel="Tuple"
      table={<BusPanels place={place} go={go} />}
      detail={
        place.tuple === null ? null : (
          <TupleInspector key={place.tuple} id={place.tuple} onClose={() => go({ tuple: null })} />
        )
      }
    />
  )
}

interface BusPanelsProps {
  readonly place: BusPlace
  /** `replace` where Back should not lead to what was before. */
  readonly go: (change: Partial<BusPlace>, replace?: boolean) => void
}

function BusPanels({ place, go }: BusPanelsProps) {
  const lanes = useQuery('bus.lanes', {}, { onEvents: ['audit'] })
  const waiters = useQuery('bus.waiters', {})
  const matches = useQuery('bus.matches', { limit: 50 })
  const { refresh: lanesAgain } = lanes
  const { refresh: waitersAgain } = waiters
  const { refresh: matchesAgain } = matches
  // The tuples look for themselves: they have a filter and pages.
  const [looks, setLooks] = useState(0)
  const refresh = useCallback(() => {
    lanesAgain()
    waitersAgain()
    matchesAgain()
    setLooks((count) => count + 1)
  }, [lanesAgain, waitersAgain, matchesAgain])
  useEvery(lookEveryMs, refresh)
  const { request, dialog } = useLaneRequests(refresh)
  const work = useWorkLane(place.find.startsWith('{') ? '' : place.find, refresh)
  const rows = lanes.data?.lanes ?? []
  const held = rows.reduce((sum, { waiting, leased }) => sum + waiting + leased, 0)
  return (
    <>
      <PageHeader
        title="Bus"
        note={lanes.data === null ? undefined : `${formatPlural(held, 'tuple')}, kept ${storeNames[lanes.data.store]}`}
        actions={work.button}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.page} tabIndex={0} aria-label="Bus">
        {lanes.error === null ? null : (
          <ErrorNotice error={lanes.error} actions={<Button onClick={refresh}>Try again</Button>} />
        )}
        <LanesPanel
          lanes={rows}
          total={lanes.data?.total ?? 0}
          chosen={place.find}
          onChosen={(lane) => go({ find: lane })}
          onCommand={request}
          onWork={work.open}
        />
        <div className={styles.pair}>
          <TuplesPanel place={place} go={go} looks={looks} />
          <HandPanel onDone={refresh} />
        </div>
        <div className={styles.pair}>
          <MatchesPanel matches={matches.data?.matches ?? []} />
          <WaitersPanel waiters={waiters.data?.waiters ?? []} total={waiters.data?.total ?? 0} />
        </div>
        <AgentsPanel />
      </section>
      <LaneCommands lanes={rows} chosen={place.find} onCommand={request} />
      {dialog}
      {work.dialog}
    </>
  )
}

/** Letting an operation work a lane: a button of the page, a command, and the dialog of both. */
function useWorkLane(chosen: string, onDone: () => void) {
  const [asking, setAsking] = useState<string | null>(null)
  const block = useWriteBlock()
  const open = () => setAsking(chosen)
  useLocalCommand({
    id: 'bus.workLane',
    title: 'Let an operation work a lane…',
    group: 'Bus',
    keys: 'l w',
    run: open,
    disabledReason: block,
  })
  return {
    open,
    button: (
      <Button icon={<Plus size={14} aria-hidden="true" />} disabledReason={block} onClick={open}>
        Work a lane…
      </Button>
    ),
    dialog:
      asking === null ? null : (
        <WorkLaneDialog
          lane={asking}
          onClose={(done) => {
            setAsking(null)
            if (done) onDone()
          }}
        />
      ),
  }
}
