import type { CommandPreview } from '../../shared/contract/commands.ts'
import type { TokenState } from '../../shared/model/token.ts'
import { formatCount, formatPlural } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import styles from './command-preview.module.css'
import { commandEffects, describeChildren } from './command-words.ts'

const shownOperations = 4

/** What a command would touch: by state, by operation, and the children it leaves alone. */
export function CommandPreviewView({
  command,
  preview,
}: {
  readonly command: 'drain' | 'kill'
  readonly preview: CommandPreview | null
}) {
  const effects = commandEffects[command]
  const children = describeChildren(preview?.children ?? 0)
  return (
    <div className={styles.preview} aria-live="polite" aria-busy={preview === null}>
      <ul className={styles.states}>
        <Touched state="WAITING" count={preview?.waiting} effect={effects.waiting} />
        <Touched state="ADMITTED" count={preview?.admitted} effect={effects.admitted} />
        <Touched state="EXECUTING" count={preview?.executing} effect={effects.executing} />
      </ul>
      {preview === null ? null : <ByOperation operations={preview.operations} />}
      {children === null ? null : <Notice tone="warn" title={children} />}
    </div>
  )
}

function Touched({
  state,
  count,
  effect,
}: {
  readonly state: TokenState
  readonly count: number | undefined
  readonly effect: string
}) {
  return (
    <li className={styles.state}>
      <StateMark state={state} />
      <span className={styles.count}>{formatCount(count)}</span>
      <span className={styles.effect}>{effect}</span>
    </li>
  )
}

function ByOperation({ operations }: Pick<CommandPreview, 'operations'>) {
  const most = operations[0]?.count ?? 0
  if (operations.length === 0) return null
  const more = operations.length - shownOperations
  return (
    <table className={styles.operations}>
      <caption className="visually-hidden">Tokens by operation</caption>
      <tbody>
        {operations.slice(0, shownOperations).map((entry) => (
          <tr key={entry.operation}>
            <th scope="row">{entry.operation}</th>
            <td className={styles.number}>{formatCount(entry.count)}</td>
            <td className={styles.barCell} aria-hidden="true">
              <span className={styles.bar} style={{ width: `${(entry.count / most) * 100}%` }} />
            </td>
          </tr>
        ))}
        {more <= 0 ? null : (
          <tr>
            <td colSpan={3} className={styles.note}>
              and {formatPlural(more, 'more operation')}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}
