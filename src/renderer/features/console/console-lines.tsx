import { memo, useLayoutEffect, useRef } from 'react'
import type { LogLine } from '../../../shared/contract/log.ts'
import { useWallClock } from '../../client/host-context.tsx'
import { Link } from '../../shell/router-context.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatDateTime, formatTimeOfDay, formatWorker, missing } from '../../ui/format.ts'
import styles from './console-lines.module.css'
import { workerLinesPath } from './console-place.ts'

/** Lines, oldest first; while `follow` the newest stays in sight. */
export function ConsoleLines({ lines, follow }: { readonly lines: readonly LogLine[]; readonly follow: boolean }) {
  const list = useRef<HTMLOListElement>(null)
  const wallOf = useWallClock()
  const newest = lines.at(-1)?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: it must follow whenever the newest line is another one
  useLayoutEffect(() => {
    const element = list.current
    if (follow && element !== null) element.scrollTop = element.scrollHeight
  }, [follow, newest])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <ol ref={list} className={styles.lines} tabIndex={0} aria-label="Log lines">
      {lines.map((line) => (
        <ConsoleLine key={line.id} line={line} wall={wallOf === null ? null : wallOf(line.at)} />
      ))}
    </ol>
  )
}

const ConsoleLine = memo(function ConsoleLine({
  line,
  wall,
}: {
  readonly line: LogLine
  readonly wall: number | null
}) {
  const { channel, level, text, token, operation, core, slot } = line
  return (
    <li className={classNames(styles.line, styles[level])}>
      <span className={styles.time} title={wall === null ? missing : formatDateTime(wall, true)}>
        {wall === null ? missing : formatTimeOfDay(wall, true)}
      </span>
      <span className={styles.level}>{level}</span>
      <span className={styles.channel}>{channel}</span>
      <span className={styles.worker}>
        {core === null ? '' : <Link to={workerLinesPath(core, slot)}>core {formatWorker(core, slot)}</Link>}
      </span>
      <span className={styles.subject}>
        <Subject token={token} operation={operation} />
      </span>
      <bdi className={styles.text}>{text}</bdi>
    </li>
  )
})

/** What the line is about, with a way there. */
function Subject({ token, operation }: Pick<LogLine, 'token' | 'operation'>) {
  if (token !== null)
    return (
      <Link to={['tokens', token]} title={`Open token ${token}`}>
        {operation ?? token}
      </Link>
    )
  return operation === null ? null : <Link to={['operations', operation]}>{operation}</Link>
}
