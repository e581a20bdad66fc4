import { useState } from 'react'
import type { RunReplay } from '../../../shared/contract/workflows.ts'
import { type ErrorData, toErrorData } from '../../../shared/errors.ts'
import { useHost } from '../../client/host-context.tsx'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import type { ShownRun } from './use-run.ts'

/** A replay of the run on the page. */
export interface Replaying {
  readonly state: 'none' | 'going' | 'done' | 'failed'
  readonly found: RunReplay | null
  readonly error: ErrorData | null
  /** Why it cannot be replayed now; null when it can. */
  readonly block: string | null
  readonly start: () => void
  /** Takes what it came to off the page. */
  readonly clear: () => void
}

type Outcome = Pick<Replaying, 'state' | 'found' | 'error'>

const none: Outcome = { state: 'none', found: null, error: null }

export function useReplay(run: string, { live }: ShownRun): Replaying {
  const host = useHost()
  const [outcome, setOutcome] = useState(none)
  const block = live
    ? 'The run goes on; it can be replayed once it has ended.'
    : outcome.state === 'going'
      ? 'It is being replayed.'
      : null
  const start = () => {
    if (block !== null) return
    setOutcome({ ...none, state: 'going' })
    host.call('workflows.replay', { run }).then(
      (found) => setOutcome({ state: 'done', found, error: null }),
      (error: unknown) => setOutcome({ state: 'failed', found: null, error: toErrorData(error) }),
    )
  }
  useLocalCommand({
    id: 'workflows.replay',
    title: 'Replay the run',
    group: 'Workflows',
    run: start,
    disabledReason: block,
  })
  return { ...outcome, block, start, clear: () => setOutcome(none) }
}
