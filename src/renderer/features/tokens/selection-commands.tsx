import type { CommandName } from '../../../shared/contract/commands.ts'
import type { TokenRow } from '../../../shared/contract/tokens.ts'
import { isTerminal } from '../../../shared/model/token.ts'
import { useSchedulerCommands } from '../../shell/scheduler-commands.tsx'
import type { Selection } from '../../table/selection.ts'
import { Button } from '../../ui/button.tsx'

const commands: readonly { readonly command: CommandName; readonly label: string }[] = [
  { command: 'pause', label: 'Pause' },
  { command: 'resume', label: 'Resume' },
  { command: 'drain', label: 'Drain…' },
  { command: 'kill', label: 'Kill…' },
]

/** What can be done with the selected tokens. */
export function SelectionCommands({ selection }: { readonly selection: Selection<TokenRow> }) {
  const { request, disabledReason } = useSchedulerCommands()
  const allEnded = selection.values().every((row) => isTerminal(row.state))
  const blocked = disabledReason ?? (allEnded ? 'Every selected token has ended.' : null)
  return commands.map(({ command, label }) => (
    <Button
      key={command}
      size="small"
      disabledReason={blocked}
      onClick={() => request(command, { kind: 'tokens', ids: [...selection.keys()] })}
    >
      {label}
    </Button>
  ))
}
