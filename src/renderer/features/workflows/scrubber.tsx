import { Button } from '../../ui/button.tsx'
import { formatDuration } from '../../ui/format.ts'
import styles from './workflows-page.module.css'

export interface ScrubberProps {
  readonly span: number
  /** Null: the end. */
  readonly at: number | null
  readonly onAtChange: (at: number | null) => void
}

const positions = 1000

/** Goes back to any moment of a run that has ended. */
export function Scrubber({ span, at, onAtChange }: ScrubberProps) {
  const position = at === null ? positions : Math.round((at / Math.max(1, span)) * positions)
  return (
    <div className={styles.scrubber}>
      <label htmlFor="run-moment">Moment</label>
      <input
        id="run-moment"
        type="range"
        min={0}
        max={positions}
        value={position}
        aria-valuetext={at === null ? 'the end' : formatDuration(at)}
        onChange={(event) => {
          const next = Number(event.target.value)
          onAtChange(next >= positions ? null : (next / positions) * span)
        }}
      />
      <output className={styles.moment}>{at === null ? 'the end' : formatDuration(at)}</output>
      <Button
        size="small"
        variant="quiet"
        disabledReason={at === null ? 'This is the end.' : null}
        onClick={() => onAtChange(null)}
      >
        To the end
      </Button>
    </div>
  )
}
