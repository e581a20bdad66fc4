import { Play } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { WorkflowInfo } from '../../../shared/contract/workflows.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useHost } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextArea } from '../../ui/field.tsx'
import { SecretInput } from '../../ui/secret-input.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { firstPayload, type PayloadFieldInfo, type ReadPayload, readPayload, secretFields } from './start-payload.ts'
import styles from './workflows-page.module.css'

export interface StartFormProps {
  readonly workflow: WorkflowInfo
  readonly onStarted: (run: string) => void
}

/** Starts a workflow: its payload as JSON, and what is secret of it in masked fields. */
export function StartForm({ workflow, onStarted }: StartFormProps) {
  const host = useHost()
  const toasts = useToasts()
  const writeBlock = useWriteBlock()
  const [text, setText] = useState(() => firstPayload(workflow))
  const [entered, setEntered] = useState<Readonly<Record<string, string>>>({})
  const [refused, setRefused] = useState<string | null>(null)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which is nothing to clean up with.
    form.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const secrets = secretFields(workflow)
  const read = readPayload(text, secrets, entered)
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
      {secrets.map((field) => (
        <Field
          key={field.name}
          label={field.required ? `${field.name}, required` : field.name}
          hint={field.description ?? 'Left out of everything that is written of the run.'}
          error={read.secretProblems.get(field.name)}
        >
          {(control) => (
            <SecretInput
              {...control}
              what={field.name}
              value={entered[field.name] ?? ''}
              onValueChange={(next) => {
                setEntered({ ...entered, [field.name]: next })
                setRefused(null)
              }}
            />
          )}
        </Field>
      ))}
      <Schema fields={workflow.payload ?? []} />
      <Button
        type="submit"
        variant="primary"
        icon={<Play size={14} aria-hidden="true" />}
        disabledReason={writeBlock ?? whyNot(read)}
      >
        Start
      </Button>
    </form>
  )
}

/** What the workflow declares of its payload; a secret field says it beside its own input. */
function Schema({ fields }: { readonly fields: readonly PayloadFieldInfo[] }) {
  const open = fields.filter((field) => field.secret !== true)
  if (open.length === 0) return null
  return (
    <dl className={styles.schema}>
      {open.map((field) => (
        <div key={field.name}>
          <dt>
            <code>{field.name}</code> {field.choices === null ? field.type : field.choices.join(' | ')}
            {field.required ? ', required' : ''}
          </dt>
          <dd>{field.description ?? ''}</dd>
        </div>
      ))}
    </dl>
  )
}

function whyNot({ payload, problem, secretProblems, missing }: ReadPayload): string | null {
  if (payload !== null) return null
  if (problem !== null || secretProblems.size > 0 || missing === null) return 'Mend the payload first.'
  return `Enter ${missing} first.`
}
