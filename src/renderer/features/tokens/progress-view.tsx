import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import { isTerminal } from '../../../shared/model/token.ts'
import { formatShare } from '../../ui/format.ts'
import styles from './progress-view.module.css'

export interface ProgressViewProps {
  readonly progress: NonNullable<TokenDetail['progress']>
  readonly state: TokenDetail['state']
}

/** How far the operation says it is. */
export function ProgressView({ progress: { fraction, text }, state }: ProgressViewProps) {
  const share = formatShare(fraction)
  return (
    <div className={styles.progress}>
      <div className={styles.words}>
        <span>{text === '' ? 'Progress' : text}</span>
        <span>{isTerminal(state) ? `stopped at ${share}` : share}</span>
      </div>
      <progress className={styles.bar} aria-label="Progress of the operation" value={fraction} max={1} />
    </div>
  )
}
