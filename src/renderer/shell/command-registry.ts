import { createStore, type StoreApi } from 'zustand/vanilla'
import { type AppCommand, appCommands, type PageCommandId } from '../../shared/app-commands.ts'

/** What carries out a command of the application's list. */
export interface CommandHandler {
  run(): void
  /** Why it cannot be run now, in one sentence; null when it can. Asked anew every time. */
  disabledReason?(): string | null
}

/** A command that only the present page has, such as one on the selected token. */
export interface LocalCommand extends CommandHandler {
  readonly id: string
  readonly title: string
  /** Heading in the palette and the `?` sheet. */
  readonly group: string
  readonly accelerator?: string
  readonly keys?: string
}

/** A command as palette, menu and sheet show it. */
export interface ListedCommand {
  readonly id: string
  readonly title: string
  readonly group: string
  readonly accelerator: string | undefined
  readonly keys: string | undefined
  readonly disabledReason: string | null
  /** False for what the desktop's menu or the browser does by itself. */
  readonly ours: boolean
}

export type RunResult = { readonly ran: true } | { readonly ran: false; readonly reason: string }

/** Everything a person can do. Palette, shortcuts, native menu and `?` sheet are drawn from it. */
export class CommandRegistry {
  /** Grows when commands come or go. */
  readonly changes: StoreApi<{ readonly version: number }> = createStore(() => ({ version: 0 }))
  readonly #handlers = new Map<string, CommandHandler>()
  readonly #local = new Map<string, LocalCommand>()

  /** Says what a listed command does. The newest handler counts; returns what takes it off again. */
  handle(id: PageCommandId, handler: CommandHandler): () => void {
    return this.#put(this.#handlers, id, handler)
  }

  /** Adds a command of the present page. */
  add(command: LocalCommand): () => void {
    return this.#put(this.#local, command.id, command)
  }

  list(): readonly ListedCommand[] {
    const listed: readonly AppCommand[] = appCommands
    const shown = listed.filter((command) => command.role !== undefined || this.#handlers.has(command.id))
    return [
      ...[...this.#local.values()].map((command) => toListed(command, command, true)),
      ...shown.map((command) => toListed(command, this.#handlers.get(command.id), command.role === undefined)),
    ]
  }

  run(id: string): RunResult {
    const handler = this.#local.get(id) ?? this.#handlers.get(id)
    if (handler === undefined) return { ran: false, reason: 'This page does not know that command.' }
    const reason = handler.disabledReason?.() ?? null
    if (reason !== null) return { ran: false, reason }
    handler.run()
    return { ran: true }
  }

  #put<Value>(map: Map<string, Value>, id: string, value: Value): () => void {
    map.set(id, value)
    this.#changed()
    return () => {
      if (map.get(id) !== value) return
      map.delete(id)
      this.#changed()
    }
  }

  #changed(): void {
    this.changes.setState(({ version }) => ({ version: version + 1 }))
  }
}

function toListed(
  command: Pick<LocalCommand, 'id' | 'title' | 'group' | 'accelerator' | 'keys'>,
  handler: CommandHandler | undefined,
  ours: boolean,
): ListedCommand {
  return {
    id: command.id,
    title: command.title,
    group: command.group,
    accelerator: command.accelerator,
    keys: command.keys,
    disabledReason: handler?.disabledReason?.() ?? null,
    ours,
  }
}
