import { type ReactNode, startTransition, useEffect, useState } from 'react'
import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import { isTerminal } from '../../../shared/model/token.ts'
import { useHost, useWallClock } from '../../client/host-context.tsx'
import { DetailSection } from '../../table/detail-section.tsx'
import { TrailSection } from '../../trail/trail-section.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { type Fact, Facts } from '../../ui/facts.tsx'
import { formatDateTime, formatDuration, formatWorker, missing } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { BindingsSection } from './bindings-section.tsx'
import { coreRanges } from './core-ranges.ts'
import { ErrorSection } from './error-section.tsx'
import { FamilySection } from './family-section.tsx'
import { LifeCycleView } from './life-cycle-view.tsx'
import { LogView } from './log-view.tsx'
import { ProgressView } from './progress-view.tsx'
import styles from './token-sections.module.css'
import { ValueView } from './value-view.tsx'

export interface TokenSectionsProps {
  readonly detail: TokenDetail
  readonly full: boolean
  readonly pathTo: (id: string) => readonly string[]
  readonly childrenPath: readonly string[]
}

/** What is wrong or awaited comes first, then what happened, then what it was about, then how it came here. */
export function TokenSections({ detail, full, pathTo, childrenPath }: TokenSectionsProps) {
  const showsRest = useAfterFirstFrame()
  return (
    <>
      {detail.waitingBecause === null ? null : (
        <Notice tone="info" title="Why it waits">
          {detail.waitingBecause}
        </Notice>
      )}
      {detail.stopping ? (
        <Notice tone="warn" title="Its code still runs">
          The token has ended, but its operation did not stop yet and occupies the worker. If it does not stop by
          itself, the worker is replaced.
        </Notice>
      ) : null}
      <div className={full ? styles.columns : styles.column}>
        <div className={styles.column}>
          {detail.error === null ? null : <ErrorSection error={detail.error} />}
          {detail.progress === null || detail.state === 'COMPLETED' ? null : (
            <ProgressView progress={detail.progress} state={detail.state} />
          )}
          <LifeCycleView detail={detail} />
          <EarlierAttempts detail={detail} />
          <TrailSection kind="token" id={detail.id} />
          <ResultSection detail={detail} />
          <ValueView title="Arguments" preview={detail.arguments} emptyText="It was called without arguments." />
        </div>
        {showsRest ? (
          <div className={styles.column}>
            <LogView detail={detail} />
            <RouteSection detail={detail} />
            <BindingsSection detail={detail} pathTo={pathTo} />
            <FamilySection detail={detail} pathTo={pathTo} childrenPath={childrenPath} />
            <ActionsSection detail={detail} />
            <TagsSection detail={detail} />
          </div>
        ) : null}
      </div>
    </>
  )
}

/** What is below the edge of the screen comes a frame later, so that the rest need not wait for hundreds of log lines. */
function useAfterFirstFrame(): boolean {
  const [after, setAfter] = useState(false)
  useEffect(() => {
    // What is asked before a frame is drawn is called before it; what is asked then, after it.
    let asked = requestAnimationFrame(() => {
      asked = requestAnimationFrame(() => startTransition(() => setAfter(true)))
    })
    return () => cancelAnimationFrame(asked)
  }, [])
  return after
}

/** Why the attempts before the present one failed. */
function EarlierAttempts({ detail }: { readonly detail: TokenDetail }) {
  const failed = detail.attempts.slice(0, -1).filter((attempt) => attempt.error !== null)
  if (failed.length === 0) return null
  return (
    <DetailSection title="Earlier attempts">
      {failed.map(({ attempt, core, slot, error }) => (
        <div key={attempt}>
          <p className={styles.kinship}>
            Attempt {attempt}
            {core === null ? '' : ` on core ${formatWorker(core, slot)}`}
          </p>
          <ErrorNotice error={error} />
        </div>
      ))}
    </DetailSection>
  )
}

function ResultSection({ detail }: { readonly detail: TokenDetail }) {
  const host = useHost()
  if (detail.result === null) return null
  const readWhole = async () => {
    const outcome = await host.call('tokens.outcome', { id: detail.id, waitMs: 0 })
    return JSON.stringify(outcome.value ?? null, null, 2)
  }
  return <ValueView title="Result" preview={detail.result} emptyText="It returned nothing." readWhole={readWhole} />
}

function RouteSection({ detail: { route, state } }: { readonly detail: TokenDetail }) {
  if (route === null) return null
  return (
    <DetailSection title={isTerminal(state) ? 'Why it ran there' : 'Why it runs there'}>
      <p className={styles.sentence}>{route.sentence}</p>
      <Facts
        facts={[
          { label: 'Core and slot', value: formatWorker(route.core, route.slot) },
          { label: 'Strategy', value: route.strategy },
          { label: 'Weight', value: route.weight },
          { label: 'Position', value: route.position ?? missing },
          { label: 'Eligible cores', value: coreRanges(route.eligibleCores) },
          { label: 'Taken over', value: route.stolen ? 'yes: an idle core outside of its range took it' : 'no' },
        ]}
      />
    </DetailSection>
  )
}

function ActionsSection({ detail: { actions } }: { readonly detail: TokenDetail }) {
  const wallOf = useWallClock()
  if (actions.length === 0) return null
  return (
    <DetailSection title="What people did">
      <ol className={styles.acts}>
        {actions.map((act) => (
          <li key={`${act.at} ${act.action}`}>
            <span className={styles.actTime}>{wallOf === null ? missing : formatDateTime(wallOf(act.at))}</span>
            <span>
              {act.actor}: {act.action}
              {act.reason === '' ? '' : ` — ${act.reason}`}
            </span>
          </li>
        ))}
      </ol>
    </DetailSection>
  )
}

function TagsSection({ detail }: { readonly detail: TokenDetail }) {
  const { tags, deadlines, weight, sequence } = detail
  const facts: Fact[] = [
    { label: 'Number', value: `#${sequence}` },
    { label: 'Weight', value: weight },
    { label: 'Longest wait', value: deadline(deadlines.queueTimeout) },
    { label: 'Longest run', value: deadline(deadlines.timeout) },
    ...Object.entries(tags)
      .filter(([name]) => !['weight', 'timeout', 'queueTimeout'].includes(name))
      .map(([name, value]): Fact => ({ label: name, value: <bdi>{String(value)}</bdi> })),
  ]
  return (
    <DetailSection title="Tags and deadlines">
      <Facts facts={facts} />
    </DetailSection>
  )
}

/** Deadlines are in milliseconds, as a developer writes them. */
function deadline(milliseconds: number | null): ReactNode {
  return milliseconds === null ? 'none' : formatDuration(milliseconds * 1000)
}
