import { ArrowUpDown } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from '../../client/host-context.tsx'
import { useCommand } from '../../client/use-command.ts'
import { useEvery } from '../../client/use-every.ts'
import type { PageDefinition, PageProps } from '../../shell/page.ts'
import { useRouter } from '../../shell/router-context.tsx'
import { DetailSplit } from '../../table/detail-split.tsx'
import { useEscape } from '../../table/use-escape.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatDuration, formatPlural, formatShown } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import styles from './convergence-page.module.css'
import { DecisionDetail } from './decision-detail.tsx'
import { DecisionTable } from './decision-table.tsx'
import { PatternLanes } from './pattern-lanes.tsx'

export const convergencePage: PageDefinition = {
  id: 'convergence',
  title: 'Convergence',
  icon: <ArrowUpDown size={16} aria-hidden="true" />,
  command: 'go.convergence',
  Component: ConvergencePage,
}

const shownSpan = 30 * 60_000_000
const shownDecisions = 200
const newsEveryMs = 2000

function ConvergencePage({ path }: PageProps) {
  const router = useRouter()
  const [show, setShow] = useState<'all' | 'changes'>('all')
  const status = useQuery('convergence.status', {}, { onEvents: ['options-changed'] })
  const changes = useQuery('convergence.changes', {})
  const decisions = useQuery('convergence.decisions', { changesOnly: show === 'changes', limit: shownDecisions })
  const refresh = () => {
    for (const query of [status, changes, decisions]) query.refresh()
  }
  useEvery(newsEveryMs, refresh)
  const opened = path[0] === undefined ? null : Number(path[0])
  const close = () => router.go(['convergence'])
  useEscape(opened === null ? null : close)
  const error = status.error ?? decisions.error
  const list = decisions.data?.decisions ?? []
  const decision = list.find((candidate) => candidate.id === opened)
  return (
    <>
      <PageHeader
        title="Convergence"
        note={status.data === null ? undefined : <Note status={status.data} />}
        actions={
          <>
            <Segmented
              label="Decisions shown"
              value={show}
              onValueChange={setShow}
              options={[
                { value: 'all', label: 'All decisions' },
                { value: 'changes', label: 'Changes' },
              ]}
            />
            {status.data === null ? null : <Switch enabled={status.data.enabled} onDone={refresh} />}
          </>
        }
      />
      {error === null ? null : (
        <div className={styles.problem}>
          <ErrorNotice error={error} />
        </div>
      )}
      {status.data === null ? null : (
        <>
          <p className={styles.lanesTitle}>
            {`Workers that routing uses of each core, over the last ${formatDuration(Math.min(shownSpan, status.data.now))}`}
          </p>
          <PatternLanes
            status={status.data}
            changes={changes.data?.changes ?? []}
            span={shownSpan}
            onReleased={refresh}
          />
        </>
      )}
      <p className={styles.caption}>
        {decisions.data === null ? 'Decisions' : formatShown(list.length, decisions.data.matched, 'decisions')}
        {', newest first. Looks one after another that found and did the same are one line.'}
      </p>
      <DetailSplit
        name="convergence"
        detailLabel="Decision"
        table={
          decisions.data !== null && list.length === 0 ? (
            <Nothing changesOnly={show === 'changes'} enabled={status.data?.enabled ?? true} />
          ) : (
            <DecisionTable
              decisions={list}
              opened={opened}
              onOpen={({ id }) => router.go(['convergence', String(id)], { replace: opened !== null })}
            />
          )
        }
        detail={
          opened === null || decisions.data === null ? null : decision === undefined ? (
            <EmptyState title="This decision is no longer kept" action={<Button onClick={close}>Close</Button>}>
              The newest decisions of each core are kept; older ones have left.
            </EmptyState>
          ) : (
            <DecisionDetail decision={decision} onClose={close} />
          )
        }
      />
    </>
  )
}

function Note({
  status,
}: {
  readonly status: { readonly enabled: boolean; readonly intervalMs: number; readonly total_changes: number }
}) {
  const pace = status.enabled ? `On, a look every ${status.intervalMs / 1000} s` : 'Off'
  return <span>{`${pace}; ${formatPlural(status.total_changes, 'change')} since start`}</span>
}

function Switch({ enabled, onDone }: { readonly enabled: boolean; readonly onDone: () => void }) {
  const set = useCommand('options.set')
  return (
    <Button
      disabledReason={set.block}
      onClick={() => void set.run({ changes: { enableConvergence: !enabled } }).then(onDone)}
    >
      {enabled ? 'Switch off' : 'Switch on'}
    </Button>
  )
}

function Nothing({ changesOnly, enabled }: { readonly changesOnly: boolean; readonly enabled: boolean }) {
  return (
    <EmptyState
      icon={<ArrowUpDown size={24} aria-hidden="true" />}
      title={changesOnly ? 'No pattern has changed' : 'No decision yet'}
    >
      {enabled
        ? 'At every interval each core is looked at: under pressure routing uses one worker more, when it is idle one less. Run something and look again.'
        : 'Convergence is switched off, so patterns stay as they are set by hand.'}
    </EmptyState>
  )
}
