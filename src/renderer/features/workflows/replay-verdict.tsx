import { X } from 'lucide-react'
import type { RunReplay } from '../../../shared/contract/workflows.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatPlural } from '../../ui/format.ts'
import { Reading } from './reading.tsx'
import type { Replaying } from './use-replay.ts'
import styles from './workflows-page.module.css'

export interface ReplayVerdictProps {
  readonly replaying: Replaying
  readonly onNode: (id: string) => void
}

/** What a replay of the run came to. */
export function ReplayVerdict({ replaying: { state, found, error, clear }, onNode }: ReplayVerdictProps) {
  if (state === 'none') return null
  return (
    <section className={styles.replay} aria-label="Replay">
      <div className={styles.workflowHead}>
        {error === null ? (
          <p role="status" className={styles.verdict} data-same={found?.same}>
            {found === null ? 'Walking the run again from its evidence…' : verdictOf(found)}
          </p>
        ) : (
          <ErrorNotice error={error} />
        )}
        {state === 'going' ? null : (
          <IconButton size="small" label="Close the replay" icon={<X size={14} aria-hidden="true" />} onClick={clear} />
        )}
      </div>
      {found === null || found.difference === null ? null : (
        <Difference difference={found.difference} onNode={onNode} />
      )}
    </section>
  )
}

function Difference({
  difference,
  onNode,
}: {
  readonly difference: NonNullable<RunReplay['difference']>
  readonly onNode: ReplayVerdictProps['onNode']
}) {
  const { node, field, reason, line, recorded, replayed } = difference
  return (
    <>
      <p className={styles.muted}>
        Line {line} of the evidence, {field}: {reason}.
        {node === null ? null : (
          <Button size="small" onClick={() => onNode(node)}>
            Show {node}
          </Button>
        )}
      </p>
      <div className={styles.pair}>
        <Reading title="Recorded" text={recorded.text} other={replayed.text} />
        <Reading title="Replayed" text={replayed.text} other={recorded.text} />
      </div>
    </>
  )
}

function verdictOf({ difference, records, withheld, brokenOff, changed }: RunReplay): string {
  const left = withheld === 0 ? '' : ` ${formatPlural(withheld, 'step')} with secrets took the recorded answer.`
  const now = changed.length === 0 ? '' : ` Not as it was: ${changed.join(', ')}.`
  const broke = brokenOff ? ' The run broke off there with its host.' : ''
  if (difference === null) return `The same in all ${formatPlural(records, 'record')}.${broke}${left}${now}`
  return `It first comes out differently at ${difference.place}.${left}${now}`
}
