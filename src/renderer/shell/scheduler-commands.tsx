import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import { assertDefined } from '../../shared/assert.ts'
import type { CommandName, CommandScope } from '../../shared/contract/commands.ts'
import { toErrorData } from '../../shared/errors.ts'
import { useHost } from '../client/host-context.tsx'
import { useWriteBlock } from '../client/write-block.ts'
import { useToasts } from '../ui/toast.tsx'
import { CommandDialog } from './command-dialog.tsx'
import { describeOutcome, oppositeCommands } from './command-words.ts'

export interface SchedulerCommands {
  /**
   * Pause and resume run at once and offer to undo; drain and kill show what they touch and ask first. The outcome, or
   * what went wrong, comes as a toast.
   */
  request(command: CommandName, scope: CommandScope): void
  /** Why nothing can be asked for now; null when it can. */
  readonly disabledReason: string | null
}

const SchedulerCommandsContext = createContext<SchedulerCommands | null>(null)

/** The one way to pause, resume, drain and kill, from every page. */
export function useSchedulerCommands(): SchedulerCommands {
  return assertDefined(
    useContext(SchedulerCommandsContext),
    'useSchedulerCommands is called under SchedulerCommandsProvider',
  )
}

interface Asked {
  readonly command: 'drain' | 'kill'
  readonly scope: CommandScope
}

export function SchedulerCommandsProvider({ children }: { readonly children: ReactNode }) {
  const host = useHost()
  const toasts = useToasts()
  const disabledReason = useWriteBlock()
  const [asked, setAsked] = useState<Asked | null>(null)

  const commands = useMemo<SchedulerCommands>(() => {
    async function runAtOnce(command: CommandName, scope: CommandScope, undoable: boolean) {
      try {
        const outcome = await host.call(`commands.${command}`, { scope })
        const opposite = oppositeCommands[command]
        toasts.show({
          tone: command === 'pause' ? 'warn' : 'good',
          ...describeOutcome(command, scope, outcome),
          topic: `hold ${JSON.stringify(scope)}`,
          action:
            opposite === undefined || !undoable
              ? undefined
              : { label: 'Undo', run: () => void runAtOnce(opposite, scope, false) },
        })
      } catch (error) {
        const { message, hint } = toErrorData(error)
        toasts.show({ tone: 'bad', title: message, text: hint })
      }
    }
    return {
      disabledReason,
      request(command, scope) {
        if (command === 'drain' || command === 'kill') setAsked({ command, scope })
        else void runAtOnce(command, scope, true)
      },
    }
  }, [host, toasts, disabledReason])

  return (
    <SchedulerCommandsContext.Provider value={commands}>
      {children}
      {asked === null ? null : <CommandDialog {...asked} onClose={() => setAsked(null)} />}
    </SchedulerCommandsContext.Provider>
  )
}
