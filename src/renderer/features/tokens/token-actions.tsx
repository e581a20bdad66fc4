import type { CommandName, CommandScope } from '../../../shared/contract/commands.ts'
import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import { isTerminal } from '../../../shared/model/token.ts'
import { useSchedulerCommands } from '../../shell/scheduler-commands.tsx'
import { Button } from '../../ui/button.tsx'
import styles from './token-inspector.module.css'

/** Pause or resume, drain and kill this one token. */
export function TokenActions({ detail }: { readonly detail: TokenDetail }) {
  const { request, disabledReason } = useSchedulerCommands()
  if (isTerminal(detail.state)) return null
  const scope: CommandScope = { kind: 'tokens', ids: [detail.id] }
  const button = (command: CommandName, label: string, unfit: string | null) => (
    <Button size="small" disabledReason={disabledReason ?? unfit} onClick={() => request(command, scope)}>
      {label}
    </Button>
  )
  const waits = detail.state === 'CREATED' || detail.state === 'WAITING'
  return (
    <div className={styles.actions}>
      {detail.held
        ? button('resume', 'Resume', null)
        : button('pause', 'Pause', waits ? null : 'Only a token that waits can be paused; this one is past the gate.')}
      {button('drain', 'Drain…', waits ? null : 'Drain ends only what waits; this token will run to its end.')}
      {button('kill', 'Kill…', null)}
    </div>
  )
}
