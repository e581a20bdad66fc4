import { Link } from '../../shell/router-context.tsx'
import { LongName } from '../../table/long-name.tsx'
import styles from './token-link.module.css'

/** Another token, by its id. */
export function TokenLink({ to, id }: { readonly to: readonly string[]; readonly id: string }) {
  return (
    <Link to={to} className={styles.link}>
      <LongName name={id} />
    </Link>
  )
}
