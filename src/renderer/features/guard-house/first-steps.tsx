import { PlayCircle } from 'lucide-react'
import { useFacts, useTelemetry } from '../../client/host-context.tsx'
import { useRunSample } from '../../shell/workspace/run-sample.ts'
import { Button } from '../../ui/button.tsx'
import styles from './first-steps.module.css'

/** What to do before anything has run. Goes with the first token. */
export function FirstSteps() {
  const untouched = useTelemetry((frame) => frame !== null && frame.created === 0, 250)
  const state = useFacts((facts) => facts.workspace?.state ?? 'loading')
  const sample = useRunSample()
  if (!untouched || state === 'untrusted' || state === 'loading') return null
  return (
    <section className={styles.steps} aria-label="First steps">
      <div>
        <h2 className={styles.title}>{state === 'none' ? 'No workspace is open' : 'Nothing has run yet'}</h2>
        <p className={styles.text}>
          {state === 'none'
            ? 'A workspace is a folder of operations: functions that run as tokens on the cores below. Open your own from the menu above, or start with the sample that comes along.'
            : 'Start an operation from the Operations page, or run the sample and watch its tokens go through the cores below.'}
        </p>
      </div>
      <Button
        variant="primary"
        icon={<PlayCircle size={14} aria-hidden="true" />}
        disabledReason={sample.disabledReason}
        onClick={sample.run}
      >
        Run sample
      </Button>
    </section>
  )
}
