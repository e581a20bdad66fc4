import { Terminal } from 'lucide-react'
import type { CommandName } from '../../../shared/contract/commands.ts'
import type { OperationGuard } from '../../../shared/contract/guard.ts'
import type { ModuleInfo, OperationInfo } from '../../../shared/contract/operations.ts'
import { type TokenState, tokenStates } from '../../../shared/model/token.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import { Link, useRouter } from '../../shell/router-context.tsx'
import { useSchedulerCommands } from '../../shell/scheduler-commands.tsx'
import { WatchButton } from '../../shell/watches.tsx'
import { DetailFrame } from '../../table/detail-frame.tsx'
import { DetailSection } from '../../table/detail-section.tsx'
import { LongName } from '../../table/long-name.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Facts } from '../../ui/facts.tsx'
import { formatCount, formatDuration } from '../../ui/format.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import { everyToken, tokensPath } from '../tokens/index.ts'
import { GuardSection } from './guard-section.tsx'
import { InspectionSection } from './inspection-section.tsx'
import type { LaunchDraft } from './launch-draft.ts'
import { LaunchForm } from './launch-form.tsx'
import { ModuleError } from './module-error.tsx'
import styles from './operation-panel.module.css'
import { ScheduleSection } from './schedule-section.tsx'
import { positionText } from './source-text.ts'

export interface OperationPanelProps {
  readonly operation: OperationInfo
  /** The module it is written in, when the host knows it. */
  readonly module: ModuleInfo | undefined
  readonly draft: LaunchDraft
  readonly onDraftChange: (draft: LaunchDraft) => void
  readonly guarded: OperationGuard | undefined
  readonly onGuardChanged: () => void
  readonly onClose: () => void
}

/** One operation: what it is, how it does, how to run it and how to stop it. */
export function OperationPanel(props: OperationPanelProps) {
  const { operation, module, draft, onDraftChange, guarded, onGuardChanged, onClose } = props
  const moduleError = operation.availability === 'failed' ? (module?.error ?? null) : null
  return (
    <DetailFrame
      title={<LongName name={operation.operation} />}
      buttons={<PanelButtons operation={operation} />}
      closeLabel="Close the operation"
      onClose={onClose}
      line={<OperationMarks operation={operation} />}
      actions={<OperationActions operation={operation} />}
    >
      {operation.description === null ? null : <p className={styles.description}>{operation.description}</p>}
      {moduleError === null ? null : (
        <DetailSection title="Its module does not load">
          <div className={styles.moduleError}>
            <ModuleError error={moduleError} />
          </div>
        </DetailSection>
      )}
      <DetailSection title="Launch">
        <LaunchForm operation={operation} draft={draft} onDraftChange={onDraftChange} />
      </DetailSection>
      <GuardSection operation={operation.operation} guarded={guarded} onChanged={onGuardChanged} />
      <ScheduleSection operation={operation.operation} />
      <CountsSection operation={operation} />
      <TimesSection operation={operation} />
      {operation.lastError === null ? null : (
        <DetailSection title="Last error" note={operation.lastError.kind}>
          <ErrorNotice error={operation.lastError} />
        </DetailSection>
      )}
      <TagsSection operation={operation} />
      <InspectionSection inspection={operation.inspection} />
    </DetailFrame>
  )
}

function PanelButtons({ operation: { operation } }: Pick<OperationPanelProps, 'operation'>) {
  const router = useRouter()
  return (
    <>
      <WatchButton target={{ kind: 'operation', operation }} label="Tell me when a token of this operation fails" />
      <IconButton
        size="small"
        label="Its lines in the console"
        icon={<Terminal size={14} aria-hidden="true" />}
        onClick={() => router.go(['console', 'operation', operation])}
      />
    </>
  )
}

function OperationMarks({ operation }: Pick<OperationPanelProps, 'operation'>) {
  const position = positionText(operation, true)
  return (
    <>
      {operation.paused ? <Badge tone="warn">paused</Badge> : null}
      {operation.availability === 'failed' ? <Badge tone="bad">does not load</Badge> : null}
      {operation.availability === 'gone' ? <Badge>removed</Badge> : null}
      <Badge>{operation.weight}</Badge>
      {position === '' ? null : (
        <>
          <code title={position}>{positionText(operation)}</code>
          <CopyButton label="Copy the position in the source" text={() => position} />
        </>
      )}
    </>
  )
}

function OperationActions({ operation: { operation, paused } }: Pick<OperationPanelProps, 'operation'>) {
  return (
    <>
      {paused ? (
        <OperationAction operation={operation} command="resume" label="Resume" />
      ) : (
        <OperationAction operation={operation} command="pause" label="Pause" />
      )}
      <OperationAction operation={operation} command="drain" label="Drain…" />
      <OperationAction operation={operation} command="kill" label="Kill…" />
    </>
  )
}

interface OperationActionProps {
  readonly operation: string
  readonly command: CommandName
  readonly label: string
}

/** A button, and the same in the palette. */
function OperationAction({ operation, command, label }: OperationActionProps) {
  const { request, disabledReason } = useSchedulerCommands()
  const run = () => request(command, { kind: 'operation', operation })
  useLocalCommand({
    id: `operation.${command}`,
    title: `${label.replace('…', '')} ${operation}${label.endsWith('…') ? '…' : ''}`,
    group: 'Operation',
    run,
    disabledReason,
  })
  return (
    <Button size="small" disabledReason={disabledReason} onClick={run}>
      {label}
    </Button>
  )
}

function CountsSection({ operation: { operation, counts } }: Pick<OperationPanelProps, 'operation'>) {
  const pathTo = (states?: readonly TokenState[]) =>
    tokensPath({
      ...everyToken,
      filter: { operations: [operation], ...(states === undefined ? {} : { states: [...states] }) },
    })
  return (
    <DetailSection title="Tokens" note="of those still kept" actions={<Link to={pathTo()}>Show all</Link>}>
      <ul className={styles.counts}>
        {tokenStates
          .filter((state) => state !== 'CREATED' || counts.CREATED > 0)
          .map((state) => (
            <li key={state}>
              <Link to={pathTo([state])} className={styles.count}>
                <StateMark state={state} />
                <span className={counts[state] === 0 ? styles.nought : undefined}>{formatCount(counts[state])}</span>
              </Link>
            </li>
          ))}
      </ul>
    </DetailSection>
  )
}

function TimesSection({ operation: { runs, waits } }: Pick<OperationPanelProps, 'operation'>) {
  const samples = Math.max(runs.samples, waits.samples)
  return (
    <DetailSection
      title="Times"
      note={samples === 0 ? 'none has ended yet' : `the newest ${formatCount(samples)} that ended`}
    >
      <table className={styles.times}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">What</span>
            </th>
            <th scope="col">p50</th>
            <th scope="col">p95</th>
            <th scope="col">p99</th>
          </tr>
        </thead>
        <tbody>
          {[
            { name: 'Run', times: runs },
            { name: 'Wait', times: waits },
          ].map(({ name, times }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{formatDuration(times.p50)}</td>
              <td>{formatDuration(times.p95)}</td>
              <td>{formatDuration(times.p99)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </DetailSection>
  )
}

function TagsSection({ operation: { tags, parameters } }: Pick<OperationPanelProps, 'operation'>) {
  return (
    <DetailSection title="Tags">
      <Facts
        facts={[
          {
            label: 'Parameters',
            value: parameters.length === 0 ? 'none, or not known' : <bdi>{parameters.join(', ')}</bdi>,
          },
          ...Object.entries(tags).map(([name, value]) => ({ label: name, value: String(value) })),
        ]}
      />
    </DetailSection>
  )
}
