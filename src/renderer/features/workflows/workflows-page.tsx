import { Upload } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { startLayouts } from '../../graph/graph-layout.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import type { PageProps } from '../../shell/page.ts'
import { useRouter } from '../../shell/router-context.tsx'
import { useEscape } from '../../table/use-escape.ts'
import { Button } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { RunComparison } from './run-comparison.tsx'
import { RunPage } from './run-page.tsx'
import { RunsTable } from './runs-table.tsx'
import { useTraceImport } from './trace-import.tsx'
import { WorkflowList } from './workflow-list.tsx'
import styles from './workflows-page.module.css'
import { everyRun, formatPlace, parsePlace, type WorkflowsPlace } from './workflows-place.ts'

/** Workflows and their runs: the list, one run, or two of them side by side. */
export function WorkflowsPage({ path }: PageProps) {
  const router = useRouter()
  const place = useMemo(() => parsePlace(path), [path])
  const go = (change: Partial<WorkflowsPlace>) => router.go(formatPlace({ ...place, ...change }))
  const openRun = (run: string | null) => router.go(formatPlace({ ...everyRun, run }))
  useEffect(startLayouts, [])
  useEscape(place.run === null ? null : () => (place.other === null ? openRun(null) : go({ other: null })))
  return (
    <div className={styles.page}>
      {place.run === null ? (
        <Overview place={place} go={go} openRun={openRun} />
      ) : place.other === null ? (
        <RunPage key={place.run} run={place.run} onClose={() => openRun(null)} onCompare={(other) => go({ other })} />
      ) : (
        <RunComparison left={place.run} right={place.other} onClose={() => go({ other: null })} onOpen={openRun} />
      )}
    </div>
  )
}

interface OverviewProps {
  readonly place: WorkflowsPlace
  readonly go: (change: Partial<WorkflowsPlace>) => void
  readonly openRun: (run: string) => void
}

function Overview({ place, go, openRun }: OverviewProps) {
  const takeTrace = useTraceImport()
  const input = useRef<HTMLInputElement>(null)
  const choose = () => input.current?.click()
  useLocalCommand({ id: 'workflows.import', title: 'Import a trace file…', group: 'Workflows', run: choose })
  return (
    <>
      <PageHeader
        title="Workflows"
        actions={
          <>
            <input
              ref={input}
              type="file"
              accept=".jsonl,.ndjson,.json,.txt"
              className="visually-hidden"
              aria-label="Trace file"
              tabIndex={-1}
              onChange={(event) => {
                const [file] = event.target.files ?? []
                if (file !== undefined) takeTrace(file)
                event.target.value = ''
              }}
            />
            <Button icon={<Upload size={14} aria-hidden="true" />} onClick={choose}>
              Import a trace…
            </Button>
          </>
        }
      />
      <div className={styles.overview}>
        <RunsTable onOpen={openRun} />
        <WorkflowList starting={place.starting} onStartingChange={(starting) => go({ starting })} onStarted={openRun} />
      </div>
    </>
  )
}
