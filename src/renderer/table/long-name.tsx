import styles from './table.module.css'

const shortEnough = 20
const tailLength = 12
const characters = new Intl.Segmenter()

/** Scripts that are written from the right: cutting such a name in two boxes would swap its halves. */
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u

/**
 * A name on one line, cut in its middle where it does not fit: names of operations differ at their end more often than at
 * their beginning. The whole name is in the title and is what a screen reader reads.
 */
export function LongName({ name }: { readonly name: string }) {
  if (name.length <= shortEnough || rightToLeft.test(name)) return <bdi title={name}>{name}</bdi>
  const parts = [...characters.segment(name)].map(({ segment }) => segment)
  return (
    <bdi className={styles.name} title={name}>
      <span className={styles.nameHead}>{parts.slice(0, -tailLength).join('')}</span>
      <span className={styles.nameTail}>{parts.slice(-tailLength).join('')}</span>
    </bdi>
  )
}
