import type { TokenState } from '../../shared/model/token.ts'
import { classNames } from './class-names.ts'
import styles from './state-mark.module.css'
import { stateLabels, stateShapes } from './state-shapes.ts'

export interface StateMarkProps {
  readonly state: TokenState
  /** The mark alone, named for screen readers; only where a heading or a legend says the word. */
  readonly markOnly?: boolean | undefined
  /** Another word for the same thing, such as Running for a worker. */
  readonly label?: string | undefined
}

/** The state of a token: colour, shape and word. */
export function StateMark({ state, markOnly = false, label = stateLabels[state] }: StateMarkProps) {
  const shape = stateShapes[state]
  return (
    <span className={classNames(styles.state, styles[state.toLowerCase()])}>
      <svg
        viewBox="0 0 12 12"
        width="12"
        height="12"
        aria-hidden={markOnly ? undefined : true}
        role={markOnly ? 'img' : undefined}
        aria-label={markOnly ? label : undefined}
      >
        {shape.stroke === undefined ? null : (
          <path
            d={shape.stroke}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeDasharray={shape.dashes}
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        )}
        {shape.fill === undefined ? null : <path d={shape.fill} fill="currentColor" fillRule="evenodd" />}
      </svg>
      {markOnly ? null : <span className={styles.word}>{label}</span>}
    </span>
  )
}
