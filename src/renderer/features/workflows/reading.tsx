import styles from './workflows-page.module.css'

export interface ReadingProps {
  readonly title: string
  readonly text: string
  /** What the text is compared with: lines that it has not are marked. */
  readonly other?: string | null
}

/** A value under its name. */
export function Reading({ title, text, other = null }: ReadingProps) {
  return (
    <>
      <h3 className={styles.small}>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={styles.value} tabIndex={0}>
        {other === null ? text : <Compared text={text} other={other} />}
      </pre>
    </>
  )
}

function Compared({ text, other }: { readonly text: string; readonly other: string }) {
  const known = new Set(other.split('\n').map(withoutComma))
  return text.split('\n').map((line, at) => {
    const differs = !known.has(withoutComma(line))
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text are told apart by nothing else
      <span key={at} className={differs ? styles.differs : undefined}>
        {`${line}\n`}
      </span>
    )
  })
}

/** A comma stands there for what comes behind the line. */
function withoutComma(line: string): string {
  return line.replace(/,$/, '')
}
