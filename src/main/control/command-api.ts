import type {
  auditProcedures,
  CommandName,
  CommandOutcome,
  CommandScope,
  commandProcedures,
} from '../../shared/contract/commands.ts'
import type { ProcedureParsedInput } from '../../shared/contract/index.ts'
import type { CommandResult } from '../engine/scheduler/commands.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import type { HostScheduler } from './engine-surface.ts'
import { frozenSetLifetime } from './frozen-sets.ts'
import type { Caller, HostApi } from './host-api.ts'

export interface CommandApiParts {
  readonly scheduler: HostScheduler
  readonly audit: AuditLog
  /** Something has been paused or resumed. */
  readonly onPaused: () => void
}

type CommandInput = ProcedureParsedInput<'commands.pause'>

export function createCommandApi({
  scheduler,
  audit,
  onPaused,
}: CommandApiParts): Pick<HostApi, keyof typeof commandProcedures | keyof typeof auditProcedures> {
  async function run(command: CommandName, input: CommandInput, caller: Caller): Promise<CommandOutcome> {
    const { scope, reason, frozen } = input
    const { result, auditId } = await audited(audit, {
      caller,
      action: command,
      target: describeScope(scope),
      reason,
      run: () => {
        const sequences = frozen === undefined ? undefined : caller.frozenSets.take(frozen, command, scope)
        return scheduler.runCommandInTurns(command, scope, { actor: caller.peer.name, reason, sequences })
      },
      summarise: summariseResult,
    })
    if (command === 'pause' || command === 'resume') onPaused()
    return { ...result, auditId }
  }

  return {
    'commands.preview': ({ command, scope }, caller) => {
      const { sequences, ...reach } = scheduler.previewCommand(command, scope)
      const frozen = caller.frozenSets.freeze(command, scope, sequences)
      return { command, scope, ...reach, frozen, expiresInMs: frozenSetLifetime }
    },
    'commands.pause': (input, caller) => run('pause', input, caller),
    'commands.resume': (input, caller) => run('resume', input, caller),
    'commands.drain': (input, caller) => run('drain', input, caller),
    'commands.kill': (input, caller) => run('kill', input, caller),
    'audit.query': ({ text, offset, limit }) => audit.query(text, offset, limit),
  }
}

function describeScope(scope: CommandScope): string {
  if (scope.kind === 'all') return 'everything'
  if (scope.kind === 'operation') return scope.operation
  const [first, ...others] = scope.ids
  return others.length === 0 ? `token ${first}` : `${scope.ids.length} tokens, first ${first}`
}

function summariseResult({ affected, alreadyEnded, untouched }: CommandResult): string {
  const parts = [affected === 1 ? '1 token affected' : `${affected} tokens affected`]
  if (alreadyEnded > 0) parts.push(`${alreadyEnded} had ended`)
  if (untouched > 0) parts.push(`${untouched} left as they were`)
  return parts.join(', ')
}
