import { Play } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { WorkflowInfo } from '../../../shared/contract/workflows.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useFacts, useHost, useQuery } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextArea } from '../../ui/field.tsx'
import { formatPlural } from '../../ui/format.ts'
import { useToasts } from '../../ui/toast.tsx'
import styles from './workflows-page.module.css'

export interface WorkflowListProps {
  readonly starting: string | null
  readonly onStartingChange: (workflow: string | null) => void
  readonly onStarted: (run: string) => void
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
        <EmptyState title={workspace?.state === 'ready' ? 'This workspace declares none' : 'No workspace is open'}>
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

function StartForm({
  workflow,
  onStarted,
}: {
  readonly workflow: WorkflowInfo
  readonly onStarted: (run: string) => void
}) {
  const host = useHost()
  const toasts = useToasts()
  const writeBlock = useWriteBlock()
  const [text, setText] = useState(() => firstPayload(workflow))
  const [refused, setRefused] = useState<string | null>(null)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which is nothing to clean up with.
    form.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const read = readPayload(text)
  const start = async () => {
    if (read.payload === null || writeBlock !== null) return
    try {
      const { run } = await host.call('workflows.start', { workflow: workflow.name, payload: read.payload })
      toasts.show({ tone: 'good', title: `${workflow.name} was started` })
      onStarted(run)
    } catch (error) {
      const { message, hint } = toErrorData(error)
      setRefused(hint === undefined ? message : `${message}. ${hint}`)
    }
  }
  return (
    <form
      ref={form}
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        void start()
      }}
    >
      <Field label="Payload" hint="One JSON object." error={read.problem ?? refused}>
        {(control) => (
          <TextArea
            {...control}
            mono
            rows={Math.min(12, text.split('\n').length + 1)}
            value={text}
            onValueChange={(next) => {
              setText(next)
              setRefused(null)
            }}
          />
        )}
      </Field>
      {workflow.payload === null ? null : (
        <dl className={styles.schema}>
          {workflow.payload.map((field) => (
            <div key={field.name}>
              <dt>
                <code>{field.name}</code> {field.choices === null ? field.type : field.choices.join(' | ')}
                {field.required ? ', required' : ''}
              </dt>
              <dd>{field.description ?? ''}</dd>
            </div>
          ))}
        </dl>
      )}
      <Button
        type="submit"
        variant="primary"
        icon={<Play size={14} aria-hidden="true" />}
        disabledReason={writeBlock ?? (read.payload === null ? 'Mend the payload first.' : null)}
      >
        Start
      </Button>
    </form>
  )
}

/** What the declaration says, ready to be changed. */
function firstPayload({ payload }: WorkflowInfo): string {
  const fields = (payload ?? []).filter((field) => field.required || field.default !== undefined)
  return JSON.stringify(Object.fromEntries(fields.map((field) => [field.name, field.default ?? null])), null, 2)
}

function readPayload(text: string): { payload: Record<string, unknown> | null; problem: string | null } {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { payload: value as Record<string, unknown>, problem: null }
    }
    return { payload: null, problem: 'The payload must be an object, in braces.' }
  } catch (error) {
    return { payload: null, problem: error instanceof Error ? error.message : String(error) }
  }
}
