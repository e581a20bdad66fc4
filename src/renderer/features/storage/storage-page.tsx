import { HardDrive } from 'lucide-react'
import type { StorageStatus } from '../../../shared/contract/storage.ts'
import { useQuery } from '../../client/host-context.tsx'
import type { PageDefinition } from '../../shell/page.ts'
import { Link } from '../../shell/router-context.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { type Fact, Facts } from '../../ui/facts.tsx'
import { formatBytes, formatDateTime, formatPlural } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { CollectionPanel } from './collection-panel.tsx'
import { GrowthChart } from './growth-chart.tsx'
import { KeptPanel } from './kept-panel.tsx'
import styles from './storage-page.module.css'

export const storagePage: PageDefinition = {
  id: 'storage',
  title: 'Storage',
  icon: <HardDrive size={16} aria-hidden="true" />,
  command: 'go.storage',
  Component: StoragePage,
}

function StoragePage() {
  const { data, error, refresh } = useQuery(
    'storage.status',
    {},
    { onTokens: true, onEvents: ['audit'], everyMs: 5000 },
  )
  return (
    <>
      <PageHeader
        title="Storage"
        note={
          data === null ? undefined : `${formatBytes(data.bytes)} of ${formatBytes(data.policy.maxTotalBytes)} allowed`
        }
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.page} tabIndex={0} aria-label="Storage">
        {error === null ? null : <ErrorNotice error={error} actions={<Button onClick={refresh}>Try again</Button>} />}
        {data === null ? null : (
          <>
            <Warnings status={data} />
            <div className={styles.pair}>
              <KeptPanel kinds={data.kinds} />
              <div className={styles.stack}>
                <PolicyPanel status={data} />
                <GrowthPanel status={data} />
              </div>
            </div>
            <CollectionPanel status={data} onDone={refresh} />
          </>
        )}
      </section>
    </>
  )
}

/** What needs a person: a disk that fills up, more than is allowed, and what could not be looked at. */
function Warnings({ status: { freeBytes, floorBytes, bytes, policy, problems } }: { readonly status: StorageStatus }) {
  const full = freeBytes < floorBytes
  return (
    <>
      {freeBytes < floorBytes * 2 ? (
        <Notice
          tone={full ? 'bad' : 'warn'}
          title={`The disk is ${full ? '' : 'nearly '}full: ${formatBytes(freeBytes)} free`}
        >
          Below {formatBytes(floorBytes)} what is no longer kept is collected by itself. If that frees too little, make
          room on the disk, keep less (Settings), or let held receipts go.
        </Notice>
      ) : null}
      {bytes > policy.maxTotalBytes ? (
        <Notice tone="warn" title={`More is kept than allowed: ${formatBytes(bytes)}`}>
          A collection removes the oldest bodies until {formatBytes(policy.maxTotalBytes)} are left.
        </Notice>
      ) : null}
      {problems.length === 0 ? null : (
        <Notice tone="warn" title="Not everything could be looked at; what is shown is too little">
          <ul className={styles.problems}>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  )
}

function PolicyPanel({ status }: { readonly status: StorageStatus }) {
  const { policy, freeBytes, floorBytes, nightly, hour, catalog, last } = status
  const facts: Fact[] = [
    { label: 'Bodies', value: `${formatPlural(policy.hotDays, 'day')}, then only their receipts` },
    { label: 'Logs, traces', value: formatPlural(policy.warmDays, 'day') },
    { label: 'At most', value: formatBytes(policy.maxTotalBytes) },
    { label: 'By itself', value: nightly ? `daily at ${hour}:00, and when the disk is full` : 'when the disk is full' },
    { label: 'Disk', value: `${formatBytes(freeBytes)} free; full below ${formatBytes(floorBytes)}` },
    {
      label: 'Last run',
      value:
        last === null
          ? 'none since the start'
          : `${formatDateTime(last.startedAt)} (${last.cause}): ${formatBytes(last.bytes)} freed`,
    },
    { label: 'Folder', value: <code className={styles.folder}>{catalog}</code> },
  ]
  return (
    <Panel title="How long things are kept" actions={<Link to={['settings']}>Change</Link>}>
      <Facts facts={facts} />
    </Panel>
  )
}

function GrowthPanel({ status: { history, projection, policy } }: { readonly status: StorageStatus }) {
  return (
    <Panel title="Growth" note={growthText(projection)}>
      {history.length < 2 ? (
        <p className={styles.quiet}>Sizes are noted once a minute while this page is looked at.</p>
      ) : (
        <GrowthChart history={history} maxBytes={policy.maxTotalBytes} />
      )}
    </Panel>
  )
}

function growthText({ bytesPerDay, capAt, floorAt }: StorageStatus['projection']): string {
  if (bytesPerDay === null) return 'too little was seen to say'
  if (bytesPerDay <= 0) return 'does not grow'
  const limits = [
    capAt === null ? null : `the limit on ${formatDateTime(capAt).slice(0, 10)}`,
    floorAt === null || (capAt !== null && floorAt > capAt)
      ? null
      : `a full disk on ${formatDateTime(floorAt).slice(0, 10)}`,
  ].filter((text) => text !== null)
  return `${formatBytes(bytesPerDay)} a day${limits.length === 0 ? '' : `; ${limits.join(', ')}`}`
}
