import { Recycle, Square } from 'lucide-react'
import { useState } from 'react'
import type { CollectionReportInfo, StorageStatus } from '../../../shared/contract/storage.ts'
import { useHost, useQuery } from '../../client/host-context.tsx'
import { useCommand } from '../../client/use-command.ts'
import { useEvery } from '../../client/use-every.ts'
import { useWriteBlock } from '../../client/write-block.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatBytes, formatCount, formatPlural } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { CollectDialog } from './collect-dialog.tsx'
import { PlannedRemovals } from './planned-removals.tsx'
import styles from './storage-page.module.css'

export interface CollectionPanelProps {
  readonly status: StorageStatus
  /** Something was removed. */
  readonly onDone: () => void
}

/** What a collection would take now, receipt by receipt, and the button that does it. */
export function CollectionPanel({ status, onDone }: CollectionPanelProps) {
  const preview = useQuery('storage.preview', {}, { onEvents: ['audit'], everyMs: 2000 })
  const running = useRunning(status)
  const [asking, setAsking] = useState(false)
  const collection = useCollection(() => {
    preview.refresh()
    onDone()
  })
  const writeBlock = useWriteBlock()
  const { data, error } = preview
  const block =
    writeBlock ??
    (running === null ? null : 'A collection is running.') ??
    (data?.items === 0 ? 'There is nothing to remove.' : null)
  useCollectionCommands({ collect: () => setAsking(true), block, look: preview.refresh, running: running !== null })
  return (
    <Panel
      title="What a collection would remove now"
      note={data === null ? undefined : summaryOf(data)}
      actions={
        <>
          <Button onClick={preview.refresh}>Look again</Button>
          <Button
            variant="primary"
            icon={<Recycle size={14} aria-hidden="true" />}
            disabledReason={block}
            onClick={() => setAsking(true)}
          >
            Collect…
          </Button>
        </>
      }
    >
      {running === null ? null : <Running running={running} />}
      {(collection.error ?? error) === null ? null : <ErrorNotice error={collection.error ?? error} />}
      {data === null ? null : <PlannedRemovals report={data} bytes={status.bytes} onHeld={preview.refresh} />}
      {asking && data !== null ? (
        <CollectDialog
          summary={summaryOf(data)}
          onClose={() => setAsking(false)}
          onCollect={(reason) => {
            setAsking(false)
            void collection.collect(reason)
          }}
        />
      ) : null}
    </Panel>
  )
}

/** Runs a collection; it may take a while, and the page shows how far it is. */
function useCollection(onDone: () => void) {
  const host = useHost()
  const toasts = useToasts()
  const [error, setError] = useState<unknown>(null)
  async function collect(reason: string) {
    setError(null)
    try {
      const { cancelled, items, bytes, emptiedTotal } = await host.call('storage.collect', { reason })
      toasts.show({
        tone: cancelled ? 'warn' : 'good',
        title: cancelled ? 'The collection was stopped' : 'Collected',
        text: `${formatPlural(items, 'file')}, ${formatBytes(bytes)}; ${formatPlural(emptiedTotal, 'receipt')} emptied`,
      })
    } catch (thrown) {
      setError(thrown)
    }
    onDone()
  }
  return { error, collect }
}

interface CollectionCommands {
  readonly collect: () => void
  readonly block: string | null
  readonly look: () => void
  readonly running: boolean
}

/** What the buttons do, in the palette and by keys. */
function useCollectionCommands({ collect, block, look, running }: CollectionCommands): void {
  const stop = useCommand('storage.cancel')
  const group = 'Storage'
  useLocalCommand({
    id: 'storage.collect',
    title: 'Collect what is no longer kept…',
    group,
    keys: 'c',
    run: collect,
    disabledReason: block,
  })
  useLocalCommand({
    id: 'storage.look',
    title: 'Look again at what a collection would remove',
    group,
    keys: 'r',
    run: look,
  })
  useLocalCommand({
    id: 'storage.stop',
    title: 'Stop the collection',
    group,
    run: () => void stop.run({}),
    disabledReason: stop.block ?? (running ? null : 'No collection is running.'),
  })
}

function summaryOf({ items, bytes, emptiedTotal }: CollectionReportInfo): string {
  if (items === 0) return 'nothing'
  return `${formatPlural(items, 'file')}, ${formatBytes(bytes)}; ${formatPlural(emptiedTotal, 'receipt')} emptied`
}

type RunningCollection = NonNullable<StorageStatus['running']>

/** What a collection is doing, seen twice a second. */
function useRunning(status: StorageStatus): RunningCollection | null {
  const { data, refresh } = useQuery('storage.progress', {}, { onEvents: ['audit'] })
  useEvery(500, refresh)
  return data === null ? status.running : data.running
}

function Running({ running }: { readonly running: RunningCollection }) {
  const stop = useCommand('storage.cancel')
  return (
    <div className={styles.running} role="status">
      <progress className={styles.progress} aria-label="Collection" {...progressOf(running)} />
      <span>
        {running.step} ({formatCount(running.done)} of {formatCount(running.total)}), started by {running.cause}
      </span>
      <Button
        size="small"
        icon={<Square size={12} aria-hidden="true" />}
        disabledReason={stop.block}
        onClick={() => void stop.run({})}
      >
        Stop
      </Button>
    </div>
  )
}

function progressOf({ done, total }: { readonly done: number; readonly total: number }) {
  return total === 0 ? {} : { value: done, max: total }
}
