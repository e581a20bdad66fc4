import { X } from 'lucide-react'
import type { CommandName } from '../../../shared/contract/commands.ts'
import type { TokenRow } from '../../../shared/contract/tokens.ts'
import { isTerminal } from '../../../shared/model/token.ts'
import { useSchedulerCommands } from '../../shell/scheduler-commands.tsx'
import { CopyMenu } from '../../table/copy-menu.tsx'
import type { CopyFormat } from '../../table/copy-rows.ts'
import { type Selection, selectionMax } from '../../table/selection.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import styles from './selection-bar.module.css'

export interface SelectionBarProps {
  readonly selection: Selection<TokenRow>
  /** Tokens that match the filter. */
  readonly matched: number
  readonly onSelectAll: () => void
  readonly onClear: () => void
  readonly onCopy: (format: CopyFormat) => void
}

const commands: readonly { readonly command: CommandName; readonly label: string }[] = [
  { command: 'pause', label: 'Pause' },
  { command: 'resume', label: 'Resume' },
  { command: 'drain', label: 'Drain…' },
  { command: 'kill', label: 'Kill…' },
]

/** What is selected and what can be done with it. */
export function SelectionBar({ selection, matched, onSelectAll, onClear, onCopy }: SelectionBarProps) {
  const { request, disabledReason } = useSchedulerCommands()
  const allEnded = selection.values().every((row) => isTerminal(row.state))
  const blocked = disabledReason ?? (allEnded ? 'Every selected token has ended.' : null)
  return (
    <div className={styles.bar} role="toolbar" aria-label="Selected tokens">
      <strong className={styles.count} aria-live="polite">
        {formatCount(selection.size)} selected
      </strong>
      {selection.size >= Math.min(matched, selectionMax) ? null : (
        <Button size="small" variant="quiet" onClick={onSelectAll}>
          {matched > selectionMax
            ? `Select the first ${formatCount(selectionMax)} of ${formatCount(matched)}`
            : `Select all ${formatCount(matched)}`}
        </Button>
      )}
      <span className={styles.actions}>
        {commands.map(({ command, label }) => (
          <Button
            key={command}
            size="small"
            disabledReason={blocked}
            onClick={() => request(command, { kind: 'tokens', ids: [...selection.keys()] })}
          >
            {label}
          </Button>
        ))}
        <CopyMenu onCopy={onCopy} />
      </span>
      <IconButton
        size="small"
        label="Clear the selection"
        icon={<X size={14} aria-hidden="true" />}
        onClick={onClear}
      />
    </div>
  )
}
