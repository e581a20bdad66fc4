import type { CommandName } from '../../../shared/contract/commands.ts'
import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import { isTerminal } from '../../../shared/model/token.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import { useSchedulerCommands } from '../../shell/scheduler-commands.tsx'
import { Button } from '../../ui/button.tsx'

/** Pause or resume, drain and kill this one token. */
export function TokenActions({ detail }: { readonly detail: TokenDetail }) {
  if (isTerminal(detail.state)) return null
  const { id, held, state } = detail
  const waits = state === 'CREATED' || state === 'WAITING'
  return (
    <>
      {held ? (
        <TokenAction id={id} command="resume" label="Resume" unfit={null} />
      ) : (
        <TokenAction
          id={id}
          command="pause"
          label="Pause"
          unfit={waits ? null : 'Only a token that waits can be paused; this one is past the gate.'}
        />
      )}
      <TokenAction
        id={id}
        command="drain"
        label="Drain…"
        unfit={waits ? null : 'Drain ends only what waits; this token will run to its end.'}
      />
      <TokenAction id={id} command="kill" label="Kill…" unfit={null} />
    </>
  )
}

interface TokenActionProps {
  readonly id: string
  readonly command: CommandName
  readonly label: string
  /** Why the command does not fit the token's state; null when it does. */
  readonly unfit: string | null
}

/** A button, and the same in the palette. */
function TokenAction({ id, command, label, unfit }: TokenActionProps) {
  const { request, disabledReason } = useSchedulerCommands()
  const blocked = disabledReason ?? unfit
  const run = () => request(command, { kind: 'tokens', ids: [id] })
  useLocalCommand({
    id: `token.${command}`,
    title: `${label.replace('…', '')} the open token${label.endsWith('…') ? '…' : ''}`,
    group: 'Token',
    run,
    disabledReason: blocked,
  })
  return (
    <Button size="small" disabledReason={blocked} onClick={run}>
      {label}
    </Button>
  )
}
