import { useState } from 'react'
import type { TokenDetail, TokenLogLine } from '../../../shared/contract/tokens.ts'
import { useWallClock } from '../../client/host-context.tsx'
import { DetailSection } from '../../table/detail-section.tsx'
import { classNames } from '../../ui/class-names.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { TextInput } from '../../ui/field.tsx'
import { formatCount, formatDateTime, formatPlural, formatTimeOfDay, missing } from '../../ui/format.ts'
import { Select } from '../../ui/select.tsx'
import { filterLog, type LogLevel, logAsText, logLevels } from './log-filter.ts'
import styles from './log-view.module.css'

const levelLabels: Readonly<Record<LogLevel, string>> = {
  debug: 'All levels',
  info: 'Info and above',
  warn: 'Warnings and errors',
  error: 'Errors',
}

const filterFrom = 5

/** What the operation wrote while it ran. */
export function LogView({ detail }: { readonly detail: TokenDetail }) {
  const [least, setLeast] = useState<LogLevel>('debug')
  const [text, setText] = useState('')
  const wallOf = useWallClock()
  const { log, logDropped } = detail
  const lines = filterLog(log, least, text)
  const time = (line: TokenLogLine) => (wallOf === null ? missing : formatDateTime(wallOf(line.at), true))
  if (log.length === 0 && logDropped === 0) return null
  return (
    <DetailSection
      title="Log"
      note={
        lines.length === log.length
          ? formatPlural(log.length, 'line')
          : `${formatCount(lines.length)} of ${formatPlural(log.length, 'line')}`
      }
      actions={<CopyButton label="Copy the lines" text={() => logAsText(lines, time)} />}
    >
      {log.length < filterFrom ? null : (
        <div className={styles.filter}>
          <TextInput
            type="search"
            className={styles.text}
            aria-label="Find in the log"
            placeholder="Find in the log"
            value={text}
            onValueChange={setText}
          />
          <Select
            aria-label="Level"
            value={least}
            options={logLevels.map((level) => ({ value: level, label: levelLabels[level] }))}
            onValueChange={setLeast}
          />
        </div>
      )}
      {logDropped === 0 ? null : (
        <p className={styles.dropped}>{formatPlural(logDropped, 'line')} more than are kept; these are the newest.</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <ol className={styles.lines} tabIndex={0} aria-label="Log lines">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity besides their place
          <li key={index} className={classNames(styles.line, styles[line.level])}>
            <span className={styles.time} title={time(line)}>
              {wallOf === null ? missing : formatTimeOfDay(wallOf(line.at), true)}
            </span>
            <span className={styles.level}>{line.level}</span>
            <bdi className={styles.words}>{line.text}</bdi>
          </li>
        ))}
      </ol>
    </DetailSection>
  )
}
