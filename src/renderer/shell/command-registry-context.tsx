import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react'
import type { PageCommandId } from '../../shared/app-commands.ts'
import { assertDefined } from '../../shared/assert.ts'
import type { CommandHandler, CommandRegistry, LocalCommand } from './command-registry.ts'

const RegistryContext = createContext<CommandRegistry | null>(null)

export function CommandRegistryProvider({
  registry,
  children,
}: {
  readonly registry: CommandRegistry
  readonly children: ReactNode
}) {
  return <RegistryContext.Provider value={registry}>{children}</RegistryContext.Provider>
}

export function useCommandRegistry(): CommandRegistry {
  return assertDefined(useContext(RegistryContext), 'useCommandRegistry is called under CommandRegistryProvider')
}

export interface HandlerProps {
  readonly run: () => void
  /** Why it cannot be run now; null when it can. */
  readonly disabledReason?: string | null | undefined
}

/** Carries out a command of the application's list while the component is there. */
export function useCommand(id: PageCommandId, handler: HandlerProps): void {
  const registry = useCommandRegistry()
  const live = useLiveHandler(handler)
  useEffect(() => registry.handle(id, live), [registry, id, live])
}

export interface LocalCommandProps
  extends HandlerProps,
    Pick<LocalCommand, 'id' | 'title' | 'group' | 'accelerator' | 'keys'> {}

/** Adds a command of the present page while the component is there. */
export function useLocalCommand({ id, title, group, accelerator, keys, ...handler }: LocalCommandProps): void {
  const registry = useCommandRegistry()
  const live = useLiveHandler(handler)
  useEffect(
    () =>
      registry.add({
        id,
        title,
        group,
        ...(accelerator === undefined ? {} : { accelerator }),
        ...(keys === undefined ? {} : { keys }),
        ...live,
      }),
    [registry, id, title, group, accelerator, keys, live],
  )
}

/** One object for the component's life that always does what the newest render said. */
function useLiveHandler(handler: HandlerProps): CommandHandler {
  const newest = useRef(handler)
  newest.current = handler
  const live = useRef<CommandHandler>({
    run: () => newest.current.run(),
    disabledReason: () => newest.current.disabledReason ?? null,
  })
  return live.current
}
