import { sequenceOf } from '../../../shared/model/token-id.ts'
import { Link } from '../../shell/router-context.tsx'
import { LongName } from '../../table/long-name.tsx'
import { inRow, opensRow } from '../../table/row-focus.ts'
import { missing } from '../../ui/format.ts'
import styles from './bus-page.module.css'

export interface PeerNameProps {
  readonly name: string
  /** It is what opens its row. */
  readonly opens?: boolean
}

/** Who put or took a tuple: a token is a link, a lane and a program are their names. */
export function PeerName({ name, opens = false }: PeerNameProps) {
  if (name === '') return missing
  if (sequenceOf(name) === null) return name
  return (
    <Link {...(opens ? opensRow : inRow)} to={['tokens', name]} className={styles.link} title={name}>
      <LongName name={name} />
    </Link>
  )
}
