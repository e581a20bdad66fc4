import { Play, Square } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { OperationInfo } from '../../../shared/contract/operations.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useHost } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { useRouter } from '../../shell/router-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { formatCount, formatPlural } from '../../ui/format.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { changeFilter, everyToken, tokensPath } from '../tokens/index.ts'
import { JsonInput } from './json-input.tsx'
import { type Launched, type LaunchPlan, launch } from './launch.ts'
import { type LaunchDraft, readDraft, switchMode } from './launch-draft.ts'
import styles from './launch-form.module.css'
import { waitFor } from './wait-for.ts'

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
  const change = (part: Partial<LaunchDraft>) => onDraftChange({ ...draft, ...part })
  const submit = () => {
    if (blocked === null && plan !== null && launcher.submitted === null) launcher.start(plan)
  }
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <ArgumentFields
        operation={operation}
        draft={draft}
        onDraftChange={onDraftChange}
        fieldProblems={problems.fields}
        listProblem={problems.list}
        onSubmit={submit}
      />
      <div className={styles.numbers}>
        <NumberField
          label="Tokens"
          value={draft.count}
          error={problems.count}
          onChange={(count) => change({ count })}
        />
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
            onValueChange={(spread) => change({ spread })}
          />
        </div>
      </div>
      {draft.spread === 'at-once' ? null : (
        <div className={styles.numbers}>
          <NumberField
            label="Tokens in a burst"
            value={draft.burstSize}
            error={problems.burstSize}
            onChange={(burstSize) => change({ burstSize })}
          />
          <NumberField
            label="Pause between bursts, ms"
            value={draft.burstEveryMs}
            error={problems.burstEveryMs}
            onChange={(burstEveryMs) => change({ burstEveryMs })}
          />
        </div>
      )}
      <div className={styles.numbers}>
        <NumberField
          label="Longest wait, ms"
          placeholder={tagText(operation.tags.queueTimeout)}
          value={draft.queueTimeout}
          error={problems.queueTimeout}
          onChange={(queueTimeout) => change({ queueTimeout })}
        />
        <NumberField
          label="Longest run, ms"
          placeholder={tagText(operation.tags.timeout)}
          value={draft.timeout}
          error={problems.timeout}
          onChange={(timeout) => change({ timeout })}
        />
      </div>
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

interface ArgumentFieldsProps extends LaunchFormProps {
  readonly fieldProblems: ReturnType<typeof readDraft>['problems']['fields']
  readonly listProblem: ReturnType<typeof readDraft>['problems']['list']
  readonly onSubmit: () => void
}

function ArgumentFields(props: ArgumentFieldsProps) {
  const { operation, draft, onDraftChange, fieldProblems, listProblem, onSubmit } = props
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
          problem={listProblem}
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
            problem={fieldProblems[index] ?? null}
            onValueChange={(text) => onDraftChange({ ...draft, fields: draft.fields.with(index, text) })}
            onSubmit={onSubmit}
          />
        ))
      )}
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

/** What holds when the field is left empty. */
function tagText(tag: string | number | boolean | undefined): string {
  return tag === undefined ? 'none' : String(tag)
}

/** Carries out one plan at a time and says how it went. Bursts stop when the form is left. */
function useLauncher(operation: string) {
  const host = useHost()
  const toasts = useToasts()
  const router = useRouter()
  const [submitted, setSubmitted] = useState<number | null>(null)
  const stopping = useRef<AbortController | null>(null)
  useEffect(() => () => stopping.current?.abort(), [])

  function tell({ count, first }: Launched) {
    const filter = changeFilter({}, { operations: [operation] })
    const place = count === 1 ? { ...everyToken, id: first } : { ...everyToken, filter }
    toasts.show({
      tone: 'good',
      title: count === 1 ? `Launched ${operation}` : `Launched ${formatCount(count)} tokens of ${operation}`,
      action: { label: count === 1 ? 'Show token' : 'Show tokens', run: () => router.go(tokensPath(place)) },
    })
  }

  async function run(plan: LaunchPlan, signal: AbortSignal) {
    try {
      const launched = await launch(plan, { call: host.call, wait: waitFor, onProgress: setSubmitted, signal })
      if (launched !== null) tell(launched)
    } catch (error) {
      const { message, hint } = toErrorData(error)
      toasts.show({ tone: 'bad', title: `${operation} could not be launched: ${message}`, text: hint })
    } finally {
      setSubmitted(null)
    }
  }

  return {
    /** Tokens submitted so far; null when nothing is under way. */
    submitted,
    start(plan: LaunchPlan) {
      stopping.current = new AbortController()
      setSubmitted(0)
      void run(plan, stopping.current.signal)
    },
    stop: () => stopping.current?.abort(),
  }
}
