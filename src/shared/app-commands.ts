import { GuardhouseError } from './errors.ts'

/**
 * Every command a person can give to the application, as data. The native menu, the palette, the shortcuts and the
 * `?` sheet are drawn from this one list; what a command does is decided by the window, which registers a handler for
 * each id. Commands on one operation or token are not here: they belong to the page that shows it.
 */

export const commandGroups = ['Workspace', 'View', 'Go', 'Scheduler', 'Help'] as const
export type CommandGroup = (typeof commandGroups)[number]

/** What the desktop's own menu does without asking the window. Names are Electron's menu roles. */
export type NativeRole = 'zoomIn' | 'zoomOut' | 'resetZoom' | 'togglefullscreen' | 'close' | 'quit'

export interface AppCommand {
  readonly id: string
  /** Imperative, first word capitalised; ends in `…` when the command asks before it acts. */
  readonly title: string
  readonly group: CommandGroup
  /** One chord in Electron's accelerator notation, such as `CommandOrControl+Shift+P`. Works in text fields too. */
  readonly accelerator?: string
  /** Keys without modifier pressed one after another, such as `g h`. Ignored while a text field has the focus. */
  readonly keys?: string
  /** Done by the desktop's menu, or by the browser's own: the window lists it in the `?` sheet and never runs it. */
  readonly role?: NativeRole
}

export const appCommands = [
  { id: 'workspace.open', title: 'Open workspace…', group: 'Workspace', accelerator: 'CommandOrControl+O' },
  { id: 'workspace.openSample', title: 'Open the sample workspace', group: 'Workspace' },
  { id: 'workspace.reload', title: 'Reload the workspace', group: 'Workspace', keys: 'w r' },
  {
    id: 'window.close',
    title: 'Close the window',
    group: 'Workspace',
    accelerator: 'CommandOrControl+W',
    role: 'close',
  },
  { id: 'app.quit', title: 'Quit', group: 'Workspace', accelerator: 'CommandOrControl+Q', role: 'quit' },

  { id: 'palette.open', title: 'Command palette', group: 'View', accelerator: 'CommandOrControl+K' },
  { id: 'theme.light', title: 'Light theme', group: 'View' },
  { id: 'theme.dark', title: 'Dark theme', group: 'View' },
  { id: 'theme.system', title: 'Theme of the system', group: 'View' },
  { id: 'view.zoomIn', title: 'Zoom in', group: 'View', accelerator: 'CommandOrControl+Plus', role: 'zoomIn' },
  { id: 'view.zoomOut', title: 'Zoom out', group: 'View', accelerator: 'CommandOrControl+-', role: 'zoomOut' },
  { id: 'view.zoomReset', title: 'Actual size', group: 'View', accelerator: 'CommandOrControl+0', role: 'resetZoom' },
  { id: 'view.fullScreen', title: 'Full screen', group: 'View', role: 'togglefullscreen' },

  { id: 'go.guardHouse', title: 'Go to the guard house', group: 'Go', keys: 'g h' },
  { id: 'go.tokens', title: 'Go to tokens', group: 'Go', keys: 'g t' },
  { id: 'go.operations', title: 'Go to operations', group: 'Go', keys: 'g o' },
  { id: 'go.convergence', title: 'Go to convergence', group: 'Go', keys: 'g v' },
  { id: 'go.bus', title: 'Go to the bus', group: 'Go', keys: 'g b' },
  { id: 'go.console', title: 'Go to the console', group: 'Go', keys: 'g l' },
  { id: 'go.receipts', title: 'Go to receipts', group: 'Go', keys: 'g r' },
  { id: 'go.storage', title: 'Go to storage', group: 'Go', keys: 'g k' },
  { id: 'go.workflows', title: 'Go to workflows', group: 'Go', keys: 'g w' },
  { id: 'go.activity', title: 'Go to activity', group: 'Go', keys: 'g a' },
  { id: 'go.settings', title: 'Go to settings', group: 'Go', keys: 'g s', accelerator: 'CommandOrControl+,' },

  { id: 'sample.run', title: 'Run the sample', group: 'Scheduler', keys: 's r' },
  { id: 'gate.pause', title: 'Pause admission', group: 'Scheduler', keys: 's p' },
  { id: 'gate.resume', title: 'Resume admission', group: 'Scheduler', keys: 's c' },
  { id: 'watch.idle', title: 'Tell me when every token has ended', group: 'Scheduler' },
  { id: 'pool.drain', title: 'Drain all…', group: 'Scheduler' },
  { id: 'pool.killAll', title: 'Kill all…', group: 'Scheduler' },

  { id: 'help.shortcuts', title: 'Keyboard shortcuts', group: 'Help', keys: '?' },
] as const satisfies readonly AppCommand[]

type ListedCommand = (typeof appCommands)[number]
export type AppCommandId = ListedCommand['id']
/** Commands that the window carries out. */
export type PageCommandId = Exclude<ListedCommand, { readonly role: NativeRole }>['id']

/** True when `id` names a command that the window carries out. */
export function isPageCommand(id: unknown): id is PageCommandId {
  return (appCommands as readonly AppCommand[]).some((command) => command.id === id && command.role === undefined)
}

/** A chord taken apart. `key` is as KeyboardEvent.key says it without Shift, letters in lower case. */
export interface Chord {
  /** Command on macOS, Control elsewhere. */
  readonly commandOrControl: boolean
  readonly alt: boolean
  readonly shift: boolean
  readonly key: string
}

const keysByName: Readonly<Record<string, string>> = { Plus: '+', Space: ' ', Esc: 'Escape', Return: 'Enter' }

/** Takes an accelerator apart. Throws `bad-request` on a modifier this application does not use. */
export function parseAccelerator(accelerator: string): Chord {
  const parts = accelerator.split('+')
  const name = parts.pop() ?? ''
  const allowed = ['CommandOrControl', 'Alt', 'Shift']
  const unknown = parts.find((part) => !allowed.includes(part))
  if (unknown !== undefined || name === '') {
    throw new GuardhouseError('bad-request', `cannot read the accelerator ${JSON.stringify(accelerator)}`, {
      hint: `Write modifiers from ${allowed.join(', ')} and one key, joined by "+"; the plus key is "Plus".`,
    })
  }
  return {
    commandOrControl: parts.includes('CommandOrControl'),
    alt: parts.includes('Alt'),
    shift: parts.includes('Shift'),
    key: keysByName[name] ?? (name.length === 1 ? name.toLowerCase() : name),
  }
}

/** The keys of a chord as people of this platform read them: `["⌘", "K"]` on macOS, `["Ctrl", "K"]` elsewhere. */
export function acceleratorKeys(accelerator: string, platform: string): readonly string[] {
  const chord = parseAccelerator(accelerator)
  const mac = platform === 'darwin'
  const key = chord.key === ' ' ? 'Space' : chord.key.length === 1 ? chord.key.toUpperCase() : chord.key
  return [
    ...(chord.commandOrControl ? [mac ? '⌘' : 'Ctrl'] : []),
    ...(chord.alt ? [mac ? '⌥' : 'Alt'] : []),
    ...(chord.shift ? [mac ? '⇧' : 'Shift'] : []),
    key,
  ]
}
