import { useState } from 'react'
import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../shared/contract/index.ts'
import { toErrorData } from '../../shared/errors.ts'
import { useToasts } from '../ui/toast.tsx'
import { useHost } from './host-context.tsx'
import { useWriteBlock } from './write-block.ts'

export interface PageCommand<Name extends ProcedureName> {
  /** Why it cannot be given now; null when it can. */
  readonly block: string | null
  /** Gives it; a refusal is shown as a message. Resolves to the answer, or null when it was refused. */
  run(input: ProcedureInput<Name>): Promise<ProcedureOutput<Name> | null>
}

/** A procedure that changes something, as a button gives it. */
export function useCommand<Name extends ProcedureName>(name: Name): PageCommand<Name> {
  const host = useHost()
  const toasts = useToasts()
  const writeBlock = useWriteBlock()
  const [running, setRunning] = useState(false)
  return {
    block: writeBlock ?? (running ? 'It is under way.' : null),
    async run(input) {
      setRunning(true)
      try {
        return await host.call(name, input)
      } catch (error) {
        const { message, hint } = toErrorData(error)
        toasts.show({ tone: 'bad', title: message, text: hint })
        return null
      } finally {
        setRunning(false)
      }
    },
  }
}
