import { Play, Square } from 'lucide-react'
import { useRef } from 'react'
import type { OperationInfo } from '../../../shared/contract/operations.ts'
import { useWriteBlock } from '../../client/write-block.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { formatCount, formatPlural } from '../../ui/format.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { JsonInput } from './json-input.tsx'
import { type DraftProblems, type LaunchDraft, readDraft, switchMode } from './launch-draft.ts'
import styles from './launch-form.module.css'
import { useLauncher } from './use-launcher.ts'

export interface LaunchFormProps {
  readonly operation: OperationInfo
  readonly draft: LaunchDraft
  readonly onDraftChange: (draft: LaunchDraft) => void
}

const availabilityReasons: Readonly<Record<OperationInfo['availability'], string | null>> = {
  available: null,
  failed: 'Its module does not load, so it cannot be run.',
  gone: 'Its module was removed, so it cannot be run.',
}

/** Submits tokens of one operation: its arguments, how many, in what pace, with which deadlines. */
export function LaunchForm({ operation, draft, onDraftChange }: LaunchFormProps) {
  const { plan, problems } = readDraft(draft, operation.operation)
  const launcher = useLauncher(operation.operation)
  const writeBlock = useWriteBlock()
  const blocked =
    writeBlock ??
    availabilityReasons[operation.availability] ??
    (plan === null ? 'Mend what is marked in the form first.' : null)
  const submit = () => {
    if (blocked === null && plan !== null && launcher.submitted === null) launcher.start(plan)
  }
  const fields = { operation, draft, problems, onDraftChange }
  const form = useRef<HTMLFormElement>(null)
  useLocalCommand({
    id: 'operation.fillIn',
    title: 'Fill in the launch form',
    group: 'Operation',
    keys: 'l',
    // On the way there by Tab lie the list and the health of every operation.
    run: () => form.current?.querySelector<HTMLElement>('textarea, input')?.focus(),
  })
  return (
    <form
      ref={form}
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <ArgumentFields {...fields} onSubmit={submit} />
      <PaceFields {...fields} />
      <DeadlineFields {...fields} />
      <div className={styles.buttons}>
        {launcher.submitted === null ? (
          <Button type="submit" variant="primary" icon={<Play size={14} aria-hidden="true" />} disabledReason={blocked}>
            {plan === null || plan.count === 1 ? 'Launch' : `Launch ${formatPlural(plan.count, 'token')}`}
          </Button>
        ) : (
          <>
            <Button icon={<Square size={12} aria-hidden="true" />} onClick={launcher.stop}>
              Stop
            </Button>
            <span className={styles.progress} role="status">
              {formatCount(launcher.submitted)} of {formatCount(plan?.count)} submitted
            </span>
          </>
        )}
      </div>
    </form>
  )
}

interface FieldsProps extends LaunchFormProps {
  readonly problems: DraftProblems
}

function ArgumentFields(props: FieldsProps & { readonly onSubmit: () => void }) {
  const { operation, draft, problems, onDraftChange, onSubmit } = props
  const { parameters } = operation
  return (
    <div className={styles.arguments}>
      {parameters.length === 0 ? null : (
        <Segmented
          label="How to type the arguments"
          value={draft.mode}
          options={[
            { value: 'fields', label: 'By parameter' },
            { value: 'list', label: 'As one list' },
          ]}
          onValueChange={() => onDraftChange(switchMode(draft, parameters))}
        />
      )}
      {draft.mode === 'list' ? (
        <JsonInput
          label={parameters.length === 0 ? 'Arguments' : `Arguments: ${parameters.join(', ')}`}
          hint="One JSON list. Leave it empty for a call without arguments."
          rows={4}
          placeholder="[ ]"
          value={draft.list}
          problem={problems.list}
          onValueChange={(list) => onDraftChange({ ...draft, list })}
          onSubmit={onSubmit}
        />
      ) : (
        parameters.map((parameter, index) => (
          <JsonInput
            key={parameter}
            label={parameter}
            rows={1}
            placeholder="JSON, or empty when not given"
            value={draft.fields[index] ?? ''}
            problem={problems.fields[index] ?? null}
            onValueChange={(text) => onDraftChange({ ...draft, fields: draft.fields.with(index, text) })}
            onSubmit={onSubmit}
          />
        ))
      )}
    </div>
  )
}

function PaceFields({ draft, problems, onDraftChange }: FieldsProps) {
  const number = (label: string, name: 'count' | 'burstSize' | 'burstEveryMs') => (
    <NumberField
      label={label}
      value={draft[name]}
      error={problems[name]}
      onChange={(text) => onDraftChange({ ...draft, [name]: text })}
    />
  )
  return (
    <>
      <div className={styles.numbers}>
        {number('Tokens', 'count')}
        <div className={styles.pace}>
          <span className={styles.paceLabel} aria-hidden="true">
            Pace
          </span>
          <Segmented
            label="Pace"
            value={draft.spread}
            options={[
              { value: 'at-once', label: 'All at once' },
              { value: 'bursts', label: 'In bursts' },
            ]}
            onValueChange={(spread) => onDraftChange({ ...draft, spread })}
          />
        </div>
      </div>
      {draft.spread === 'at-once' ? null : (
        <div className={styles.numbers}>
          {number('Tokens in a burst', 'burstSize')}
          {number('Pause between bursts, ms', 'burstEveryMs')}
        </div>
      )}
    </>
  )
}

function DeadlineFields({ operation: { tags }, draft, problems, onDraftChange }: FieldsProps) {
  const number = (label: string, name: 'timeout' | 'queueTimeout') => (
    <NumberField
      label={label}
      // What holds when the field is left empty.
      placeholder={String(tags[name] ?? 'none')}
      value={draft[name]}
      error={problems[name]}
      onChange={(text) => onDraftChange({ ...draft, [name]: text })}
    />
  )
  return (
    <div className={styles.numbers}>
      {number('Longest wait, ms', 'queueTimeout')}
      {number('Longest run, ms', 'timeout')}
    </div>
  )
}

interface NumberFieldProps {
  readonly label: string
  readonly value: string
  readonly error: string | null
  readonly placeholder?: string | undefined
  readonly onChange: (value: string) => void
}

function NumberField({ label, value, error, placeholder, onChange }: NumberFieldProps) {
  return (
    <Field label={label} error={error}>
      {(control) => (
        <TextInput {...control} inputMode="numeric" placeholder={placeholder} value={value} onValueChange={onChange} />
      )}
    </Field>
  )
}
