import styles from './workflows-page.module.css'

/** A value under its name. */
export function Reading({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <>
      <h3 className={styles.small}>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={styles.value} tabIndex={0}>
        {text}
      </pre>
    </>
  )
}
