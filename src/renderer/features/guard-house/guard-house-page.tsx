import { LayoutDashboard } from 'lucide-react'
import { useState } from 'react'
import type { SystemInfo } from '../../../shared/contract/system.ts'
import { useFacts } from '../../client/host-context.tsx'
import type { PageDefinition } from '../../shell/page.ts'
import { formatPlural } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { CoreGrid } from './core-grid.tsx'
import { CoreLanes } from './core-lanes.tsx'
import { CoreLegend } from './core-legend.tsx'
import { CoreTable } from './core-table.tsx'
import { Figures } from './figures.tsx'
import { FirstSteps } from './first-steps.tsx'
import styles from './guard-house-page.module.css'
import { Health } from './health.tsx'
import { OperationSummary } from './operation-summary.tsx'
import { ProblemCount, ProblemList } from './problem-list.tsx'
import { TimelinePanel } from './timeline/timeline-panel.tsx'
import { workerQuotaOf } from './worker-rests.ts'

export const guardHousePage: PageDefinition = {
  id: 'guard-house',
  title: 'Guard house',
  icon: <LayoutDashboard size={16} aria-hidden="true" />,
  command: 'go.guardHouse',
  Component: GuardHousePage,
  Count: ProblemCount,
}

function GuardHousePage() {
  const info = useFacts((facts) => facts.info)
  return (
    <>
      <PageHeader title="Guard house" note={info === null ? undefined : <Health info={info} />} />
      <ProblemList />
      <Figures />
      <FirstSteps />
      <div className={styles.panels}>
        {info === null ? null : <Cores info={info} />}
        <TimelinePanel />
        <OperationSummary />
      </div>
    </>
  )
}

type View = 'lanes' | 'grid' | 'table'

/** With more cores than this the lanes of all do not fit any screen; with more than that they are too much to draw. */
const lanesByDefault = 32
const lanesAtMost = 64

const views: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'lanes', label: 'Lanes' },
  { value: 'grid', label: 'Grid' },
  { value: 'table', label: 'Table' },
]

function viewsFor(cores: number) {
  return cores > lanesAtMost ? views.filter((view) => view.value !== 'lanes') : views
}

function Cores({ info }: { readonly info: SystemInfo }) {
  const { topology } = info
  const quotaPct = workerQuotaOf(info)
  const [view, setView] = useState<View>(topology.cores.length > lanesByDefault ? 'grid' : 'lanes')
  const [selected, setSelected] = useState(1)
  const note = [
    formatPlural(topology.cores.length, 'core'),
    `${formatPlural(topology.physicalCores, 'physical core')}`,
    formatPlural(topology.packages, 'package'),
    ...(quotaPct === null ? [] : [`workers rest for a quota of ${quotaPct} %`]),
    ...(topology.quotaCores === null ? [] : [`limited to ${topology.quotaCores} cores of CPU time`]),
  ].join(', ')
  return (
    <Panel
      title="Cores and workers"
      note={note}
      flush
      actions={
        <>
          <CoreLegend />
          <Segmented
            label="How cores are shown"
            value={view}
            onValueChange={setView}
            options={viewsFor(topology.cores.length)}
          />
        </>
      }
    >
      {view === 'lanes' ? <CoreLanes info={info} /> : null}
      {view === 'grid' ? (
        <>
          <CoreGrid info={info} selected={selected} onSelect={setSelected} />
          <CoreLanes key={selected} info={info} only={[selected]} />
        </>
      ) : null}
      {view === 'table' ? <CoreTable info={info} /> : null}
    </Panel>
  )
}
