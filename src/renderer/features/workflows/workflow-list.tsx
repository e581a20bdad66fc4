import { Play } from 'lucide-react'
import type { WorkspaceInfo } from '../../../shared/contract/operations.ts'
import type { WorkflowInfo } from '../../../shared/contract/workflows.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useFacts, useQuery } from '../../client/host-context.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatPlural } from '../../ui/format.ts'
import { StartForm } from './start-form.tsx'
import styles from './workflows-page.module.css'

export interface WorkflowListProps {
  readonly starting: string | null
  readonly onStartingChange: (workflow: string | null) => void
  readonly onStarted: (run: string) => void
}

const whyNone: Readonly<Record<WorkspaceInfo['state'], string>> = {
  none: 'No workspace is open',
  untrusted: 'This folder is not trusted yet',
  loading: 'The workspace is being read',
  ready: 'This workspace declares none',
  failed: 'The workspace does not load',
}

/** The workflows of the workspace, what is wrong with them, and the form that starts one. */
export function WorkflowList({ starting, onStartingChange, onStarted }: WorkflowListProps) {
  const { data, error } = useQuery('workflows.list', {}, { onEvents: ['workspace-changed'] })
  const workspace = useFacts((facts) => facts.workspace)
  const workflows = data?.workflows ?? []
  return (
    <section className={styles.workflows} aria-label="Workflows of the workspace">
      <h2 className={styles.heading}>Workflows of the workspace</h2>
      {error === null ? null : <ErrorNotice error={toErrorData(error)} />}
      {data !== null && workflows.length === 0 ? (
        <EmptyState title={whyNone[workspace?.state ?? 'none']}>
          A file such as <code>report.workflow.yaml</code> puts operations together: nodes, edges and what goes where.
        </EmptyState>
      ) : null}
      {data === null && error === null ? <p className={styles.muted}>Reading the workflows…</p> : null}
      <ul className={styles.list}>
        {workflows.map((workflow) => (
          <li key={workflow.file} className={styles.workflow}>
            <WorkflowEntry
              workflow={workflow}
              open={starting === workflow.name}
              onOpenChange={(open) => onStartingChange(open ? workflow.name : null)}
              onStarted={onStarted}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

interface WorkflowEntryProps {
  readonly workflow: WorkflowInfo
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onStarted: (run: string) => void
}

function WorkflowEntry({ workflow, open, onOpenChange, onStarted }: WorkflowEntryProps) {
  const { name, description, file, hash, nodes, edges, problems } = workflow
  const broken = problems.length > 0 ? `It has ${formatPlural(problems.length, 'problem')}: mend the file first.` : null
  return (
    <>
      <div className={styles.workflowHead}>
        <strong>{name}</strong>
        <Button
          size="small"
          icon={<Play size={12} aria-hidden="true" />}
          disabledReason={broken}
          aria-expanded={open}
          onClick={() => onOpenChange(!open)}
        >
          Start…
        </Button>
      </div>
      {description === null ? null : <p className={styles.muted}>{description}</p>}
      <p className={styles.faint}>
        {file}
        {hash === null
          ? ''
          : `, ${formatPlural(nodes, 'node')}, ${formatPlural(edges, 'edge')}, seal ${hash.slice(0, 12)}`}
      </p>
      {problems.map((problem) => (
        <p key={`${problem.line}:${problem.column}:${problem.message}`} className={styles.problem}>
          <code>
            {problem.line}:{problem.column}
          </code>{' '}
          {problem.message}. {problem.hint}
        </p>
      ))}
      {open && broken === null ? <StartForm workflow={workflow} onStarted={onStarted} /> : null}
    </>
  )
}
