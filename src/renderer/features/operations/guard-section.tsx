import { Ban } from 'lucide-react'
import type { OperationBlockInfo, OperationGuard } from '../../../shared/contract/guard.ts'
import { useWallClock } from '../../client/host-context.tsx'
import { useCommand } from '../../client/use-command.ts'
import { Link } from '../../shell/router-context.tsx'
import { DetailSection } from '../../table/detail-section.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { formatAgo, formatCount, formatDuration, formatPlural, formatShare, missing } from '../../ui/format.ts'
import styles from './guard-section.module.css'
import { healthWords } from './health-words.ts'

const tones: Readonly<Record<OperationGuard['health_status'], Tone>> = {
  problematic: 'bad',
  at_risk: 'warn',
  healthy: 'info',
  excellent: 'good',
  unknown: 'neutral',
}

export interface GuardSectionProps {
  readonly operation: string
  /** Undefined until it has been called or blocked. */
  readonly guarded: OperationGuard | undefined
  readonly onChanged: () => void
}

/** What the guard house knows of an operation: health, failures, and whether it is let through. */
export function GuardSection({ operation, guarded, onChanged }: GuardSectionProps) {
  const blocked = guarded?.block ?? null
  return (
    <DetailSection
      title="Guard house"
      actions={blocked === null ? <BlockButton operation={operation} onChanged={onChanged} /> : null}
    >
      {blocked === null ? null : <Blocked operation={operation} block={blocked} onChanged={onChanged} />}
      {guarded === undefined ? (
        <p className={styles.note}>It has not been called yet.</p>
      ) : (
        <>
          <p className={styles.verdict}>
            <Badge tone={tones[guarded.health_status]}>
              {`${healthWords[guarded.health_status].sign} ${healthWords[guarded.health_status].words}`}
            </Badge>
            <span>{guarded.recommendation}</span>
          </p>
          <Facts facts={reputationFacts(guarded)} />
          <FailureTable failures={guarded.failures} />
        </>
      )}
    </DetailSection>
  )
}

function reputationFacts(guarded: OperationGuard) {
  const { total_attempts: attempts, min_execution_time: least, max_execution_time: most } = guarded
  const mean = attempts === 0 ? null : guarded.total_execution_time / attempts
  const seconds = (value: number | null) => formatDuration(value === null ? null : value * 1e6)
  return [
    {
      label: 'Completed',
      value: `${formatCount(guarded.successful_completions)} of ${formatPlural(attempts, 'run')} (${formatShare(guarded.completion_rate, true)})`,
    },
    {
      label: 'Failed',
      value: `${formatCount(guarded.failed_executions)}: ${formatPlural(guarded.timeout_count, 'time-out')}, ${formatCount(guarded.quick_failure_count)} quick, ${formatCount(guarded.error_count)} later`,
    },
    { label: 'Run time', value: `mean ${seconds(mean)}, ${seconds(least)} to ${seconds(most)}` },
    {
      label: 'Spikes',
      value: `${formatCount(guarded.spikes.inputs)} of arguments, ${formatCount(guarded.spikes.runs)} of run time`,
    },
  ]
}

function FailureTable({ failures }: Pick<OperationGuard, 'failures'>) {
  const wallOf = useWallClock()
  if (failures.length === 0) return null
  return (
    <table className={styles.failures}>
      <caption className={styles.caption}>Failures that read the same, most frequent first</caption>
      <thead>
        <tr>
          <th scope="col" className={styles.count}>
            Times
          </th>
          <th scope="col">Message of the newest</th>
          <th scope="col" className={styles.when}>
            Last
          </th>
        </tr>
      </thead>
      <tbody>
        {failures.map((failure) => (
          <tr key={`${failure.kind} ${failure.message}`}>
            <td className={styles.count}>{formatCount(failure.count)}</td>
            <td>
              <span className={styles.kind}>{failure.kind}</span> <bdi>{failure.message}</bdi>
            </td>
            <td className={styles.when}>
              {failure.token === null ? (
                ago(wallOf, failure.lastAt)
              ) : (
                <Link to={['tokens', failure.token]} title="Open the newest token that failed so">
                  {ago(wallOf, failure.lastAt)}
                </Link>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function ago(wallOf: ((at: number) => number) | null, at: number): string {
  return wallOf === null ? missing : formatAgo(Date.now() - wallOf(at))
}

interface BlockedProps {
  readonly operation: string
  readonly block: OperationBlockInfo
  readonly onChanged: () => void
}

function Blocked({ operation, block, onChanged }: BlockedProps) {
  const unblock = useCommand('guard.unblock')
  return (
    <div className={styles.blocked}>
      <div>
        <Badge tone="bad" icon={<Ban size={12} aria-hidden="true" />}>
          blocked
        </Badge>{' '}
        {`by ${block.by}: ${block.reason}. ${formatPlural(block.refused, 'call')} refused since. ${probeText(block)}`}
      </div>
      <Button
        size="small"
        disabledReason={unblock.block}
        onClick={() => void unblock.run({ operation }).then(onChanged)}
      >
        Unblock
      </Button>
    </div>
  )
}

function probeText({ state, probeIn, failedProbes }: OperationBlockInfo): string {
  const before = failedProbes === 0 ? '' : `${formatPlural(failedProbes, 'probe')} failed. `
  if (probeIn === null) return 'It stays so until somebody unblocks it.'
  if (state === 'probing') return `${before}A probe is under way.`
  if (state === 'half-open') return `${before}The next call is let through as a probe.`
  return `${before}The next probe is let through in ${formatDuration(probeIn)}.`
}

function BlockButton({ operation, onChanged }: { readonly operation: string; readonly onChanged: () => void }) {
  const block = useCommand('guard.block')
  return (
    <Button
      size="small"
      variant="quiet"
      icon={<Ban size={12} aria-hidden="true" />}
      disabledReason={block.block}
      tooltip="Refuse every further call until it is unblocked"
      onClick={() => void block.run({ operation }).then(onChanged)}
    >
      Block
    </Button>
  )
}
