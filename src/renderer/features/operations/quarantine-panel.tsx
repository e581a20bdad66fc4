import type { QuarantineEntryInfo } from '../../../shared/contract/guard.ts'
import { useQuery } from '../../client/host-context.tsx'
import { useCommand } from '../../client/use-command.ts'
import { useEvery } from '../../client/use-every.ts'
import { useRouter } from '../../shell/router-context.tsx'
import { Button } from '../../ui/button.tsx'
import { formatBytes, formatCount, formatDuration, formatPlural } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { useToasts } from '../../ui/toast.tsx'
import styles from './quarantine-panel.module.css'

const newsEveryMs = 2000

/** Calls that wait for a person because of their arguments. Nothing when there are none. */
export function QuarantinePanel() {
  const { data, refresh } = useQuery('quarantine.list', { pendingOnly: true }, { onEvents: ['notice', 'audit'] })
  useEvery(newsEveryMs, refresh)
  const entries = data?.entries.filter((entry) => entry.status === 'pending') ?? []
  if (entries.length === 0) return null
  return (
    <div className={styles.panel}>
      <Notice tone="warn" title={`${formatPlural(entries.length, 'call')} in quarantine`}>
        <ul className={styles.entries}>
          {entries.map((entry) => (
            <QuarantinedCall key={entry.id} entry={entry} onDecided={refresh} />
          ))}
        </ul>
      </Notice>
    </div>
  )
}

function QuarantinedCall({
  entry,
  onDecided,
}: {
  readonly entry: QuarantineEntryInfo
  readonly onDecided: () => void
}) {
  const approve = useCommand('quarantine.approve')
  const reject = useCommand('quarantine.reject')
  const toasts = useToasts()
  const router = useRouter()

  async function run() {
    const answer = await approve.run({ id: entry.id })
    onDecided()
    if (answer === null) return
    const open = { label: 'Open the token', run: () => router.go(['tokens', answer.token]) }
    toasts.show({ tone: 'good', title: `The call of ${entry.operation} runs`, action: open })
  }

  const predicted = entry.predictedRun === null ? '' : `; it may run for ${formatDuration(entry.predictedRun)}`
  return (
    <li className={styles.entry}>
      <div className={styles.words}>
        <strong>{entry.operation}</strong> <span className={styles.summary}>{entry.summary}</span>
        <div className={styles.reason}>
          {`${formatBytes(entry.bytes)} in ${formatCount(entry.count)} values, ${formatCount(entry.depth)} deep: ${formatCount(Math.round(entry.deviation))} % above what it usually gets${predicted}`}
        </div>
      </div>
      <Button size="small" disabledReason={approve.block} onClick={() => void run()}>
        Approve and run
      </Button>
      <Button
        size="small"
        variant="danger"
        disabledReason={reject.block}
        tooltip="Give up the call and its arguments"
        onClick={() => void reject.run({ id: entry.id }).then(onDecided)}
      >
        Reject
      </Button>
    </li>
  )
}
