import { useRef, useState } from 'react'
import type { ProcedureInput } from '../../../shared/contract/index.ts'
import { useHost, useQuery } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Field, TextArea, TextInput } from '../../ui/field.tsx'
import { useToasts } from '../../ui/toast.tsx'
import styles from './bus-page.module.css'
import { parseFields } from './tuple-text.ts'

export interface WorkLaneDialogProps {
  /** Lane to begin with; may be empty. */
  readonly lane: string
  /** `done` is true when something was changed. */
  readonly onClose: (done: boolean) => void
}

/** Which operation works a lane, and how. What is set here wins over guardhouse.lanes.json until it is taken back. */
export function WorkLaneDialog({ lane: first, onClose }: WorkLaneDialogProps) {
  const host = useHost()
  const toasts = useToasts()
  const block = useWriteBlock()
  const [lane, setLane] = useState(first)
  // The first that is to be said.
  const begin = useRef<HTMLInputElement>(null)
  const [operation, setOperation] = useState('')
  const [rest, setRest] = useState('{ "concurrency": 4, "attempts": 5 }')
  const [error, setError] = useState<unknown>(null)
  const fields = parseFields(rest)
  const wrong = fields === null ? 'Not a JSON object.' : null
  const missing = lane.trim() === '' ? 'Name a lane.' : operation.trim() === '' ? 'Name an operation.' : null
  const run = async (work: () => Promise<string>) => {
    try {
      toasts.show({ tone: 'good', title: await work() })
      onClose(true)
    } catch (thrown) {
      setError(thrown)
    }
  }
  const set = () =>
    run(async () => {
      // The host says of every field what is wrong with it.
      const settings = { ...fields, lane: lane.trim(), operation: operation.trim() } as ProcedureInput<'bus.setLane'>
      await host.call('bus.setLane', settings)
      return `${settings.operation} works the lane ${settings.lane}`
    })
  const remove = () =>
    run(async () => {
      const { removed } = await host.call('bus.removeLane', { lane: lane.trim() })
      return removed ? `What was set of the lane ${lane} is taken back` : `Nothing had been set of the lane ${lane}`
    })
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose(false)
      }}
      title="Work a lane"
      initialFocus={begin}
      description="Each tuple of the lane becomes a token of the operation, called with the tuple. It holds until the host ends; to keep it, declare the lane in guardhouse.lanes.json."
      footer={
        <>
          <Button disabledReason={block ?? (lane.trim() === '' ? 'Name a lane.' : null)} onClick={() => void remove()}>
            Work it no more
          </Button>
          <Button variant="primary" disabledReason={block ?? missing ?? wrong} onClick={() => void set()}>
            Work it
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        {error === null ? null : <ErrorNotice error={error} />}
        <div className={styles.pairOfFields}>
          <Field label="Lane">
            {(control) => (
              <TextInput {...control} ref={first === '' ? begin : null} value={lane} onValueChange={setLane} />
            )}
          </Field>
          <Field label="Operation">
            {(control) => (
              <>
                <TextInput
                  {...control}
                  ref={first === '' ? null : begin}
                  list={`${control.id}-names`}
                  value={operation}
                  onValueChange={setOperation}
                />
                <OperationNames id={`${control.id}-names`} />
              </>
            )}
          </Field>
        </div>
        <Field
          label="How"
          hint="A JSON object: concurrency, attempts, backoffMs, breakerThreshold, batch, cache, provider and more; docs/bus.md lists them."
          error={wrong}
        >
          {(control) => <TextArea {...control} mono rows={3} value={rest} onValueChange={setRest} />}
        </Field>
      </div>
    </Dialog>
  )
}

function OperationNames({ id }: { readonly id: string }) {
  const { data } = useQuery('operations.list', {})
  return (
    <datalist id={id}>
      {data?.operations.map(({ operation }) => (
        <option key={operation} value={operation} />
      ))}
    </datalist>
  )
}
