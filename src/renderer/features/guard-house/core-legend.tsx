import styles from './core-legend.module.css'

/** What the fills of the strips mean. */
export function CoreLegend() {
  return (
    <ul className={styles.legend} aria-label="Legend">
      <li>
        <span className={styles.ours} aria-hidden="true" />
        ours
      </li>
      <li>
        <span className={styles.others} aria-hidden="true" />
        others
      </li>
      <li>
        <span className={styles.idle} aria-hidden="true" />
        idle
      </li>
    </ul>
  )
}
