import { X } from 'lucide-react'
import { useState } from 'react'
import type { StepDetail } from '../../../shared/contract/workflows.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useQuery } from '../../client/host-context.tsx'
import { IconButton } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatDuration } from '../../ui/format.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { Reading } from './reading.tsx'
import { TokenLinks } from './token-links.tsx'
import styles from './workflows-page.module.css'

export interface StepPanelProps {
  readonly run: string
  readonly step: number
  readonly onClose: () => void
}

type View = 'compact' | 'full' | 'json'

/** One step in detail: on what, with what outcome, what it gave, where it led, where it ran. */
export function StepPanel({ run, step, onClose }: StepPanelProps) {
  const { data, error } = useQuery('workflows.step', { run, step })
  const [view, setView] = useState<View>('compact')
  return (
    <section className={styles.step} aria-label="Step">
      <div className={styles.filters}>
        <strong className={styles.grow}>{data?.name ?? ''}</strong>
        <Segmented
          label="Reading"
          value={view}
          options={[
            { value: 'compact', label: 'Compact' },
            { value: 'full', label: 'Full' },
            { value: 'json', label: 'JSON' },
          ]}
          onValueChange={setView}
        />
        <IconButton size="small" label="Close the step" icon={<X size={14} aria-hidden="true" />} onClick={onClose} />
      </div>
      {error === null ? null : <ErrorNotice error={toErrorData(error)} />}
      {data === null ? null : view === 'json' ? (
        <Reading title="The event" text={data.raw.text} />
      ) : (
        <StepReading step={data} full={view === 'full'} />
      )}
    </section>
  )
}

/** Characters of a value in the compact reading. */
const compactCharacters = 300

function StepReading({ step, full }: { readonly step: StepDetail; readonly full: boolean }) {
  const { token } = step
  const shown = (text: string) =>
    full || text.length <= compactCharacters ? text : `${text.slice(0, compactCharacters)}…`
  return (
    <>
      <dl className={styles.pairs}>
        <dt>Outcome</dt>
        <dd>{step.status}</dd>
        {step.failure === null ? null : (
          <>
            <dt>Because</dt>
            <dd>{step.failure}</dd>
          </>
        )}
        <dt>Led to</dt>
        <dd>{step.to === null ? 'still running' : step.to.length === 0 ? 'an end' : step.to.join(', ')}</dd>
        <dt>Ran</dt>
        <dd>
          {formatDuration(step.endedAt - step.startedAt)} from {formatDuration(step.startedAt)}
          {step.core === null ? ', where is not recorded' : ` on core ${step.core}, worker ${step.worker ?? 0}`}
        </dd>
        {full ? (
          <>
            <dt>Node</dt>
            <dd>
              {step.nodeId}, step {step.position.at + 1} of {step.position.of} of its visit {step.visit}
            </dd>
          </>
        ) : null}
        {token === null ? null : <TokenLinks token={token} />}
      </dl>
      <Reading title="Inputs" text={shown(step.inputs.text)} />
      <Reading title="Output" text={shown(step.output.text)} />
    </>
  )
}
