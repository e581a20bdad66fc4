import { useState } from 'react'
import { type MissedPolicy, missedPolicies } from '../../../shared/contract/schedules.ts'
import { useQuery } from '../../client/host-context.tsx'
import { useCommand } from '../../client/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { formatDateTime } from '../../ui/format.ts'
import { Select } from '../../ui/select.tsx'
import { readArguments } from './schedule-arguments.ts'
import styles from './schedule-section.module.css'

const policyLabels: Readonly<Record<MissedPolicy, string>> = {
  skip: 'Skip them',
  once: 'Run once instead',
  all: 'Run every one',
}

/** A new schedule: an expression whose next runs are shown while it is typed, arguments, and what to do about missed runs. */
export function ScheduleForm({ operation, onDone }: { readonly operation: string; readonly onDone: () => void }) {
  const [cron, setCron] = useState('0 * * * *')
  const [values, setValues] = useState('[]')
  const [missed, setMissed] = useState<MissedPolicy>('skip')
  const create = useCommand('schedules.create')
  const preview = useQuery('schedules.preview', { cron: cron.trim() === '' ? '?' : cron.trim() })
  const problem = preview.data?.problem ?? null
  const read = readArguments(values)
  const blocked = create.block ?? problem ?? read.problem

  async function submit() {
    if (blocked !== null || read.values === null) return
    const answer = await create.run({ operation, cron: cron.trim(), arguments: read.values, missed })
    if (answer !== null) onDone()
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Field
        label="When"
        hint={
          preview.data === null || problem !== null
            ? 'Minute, hour, day, month, weekday.'
            : `Next ${preview.data.nextRuns
                .slice(0, 3)
                .map((at) => formatDateTime(at))
                .join(', ')}`
        }
        error={problem}
      >
        {(control) => <TextInput {...control} value={cron} onValueChange={setCron} />}
      </Field>
      <Field label="Arguments" hint="A JSON array, as in a call." error={read.problem}>
        {(control) => <TextInput {...control} value={values} onValueChange={setValues} />}
      </Field>
      <Field label="Missed runs" hint="While the host was stopped or the operation could not be run.">
        {({ id }) => (
          <Select
            id={id}
            value={missed}
            options={missedPolicies.map((value) => ({ value, label: policyLabels[value] }))}
            onValueChange={setMissed}
          />
        )}
      </Field>
      <div className={styles.actions}>
        <Button type="submit" variant="primary" size="small" disabledReason={blocked}>
          Add the schedule
        </Button>
        <Button size="small" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
