import type { Menu, MenuItemConstructorOptions } from 'electron'
import {
  type AppCommand,
  appCommands,
  type CommandGroup,
  isPageCommand,
  type PageCommandId,
} from '../../shared/app-commands.ts'
import { type ThemeChoice, themeChoices } from '../../shared/window-bridge.ts'

export interface MenuDependencies {
  readonly Menu: Pick<typeof Menu, 'buildFromTemplate' | 'setApplicationMenu'>
  readonly platform: NodeJS.Platform
  readonly theme: ThemeChoice
  /** Carries a chosen command to the window. */
  readonly perform: (command: PageCommandId) => void
}

/** Installs the native menu. `showTheme` moves the mark to the theme that was chosen elsewhere. */
export function setupMenu(dependencies: MenuDependencies): { showTheme(theme: ThemeChoice): void } {
  const menu = dependencies.Menu.buildFromTemplate(menuTemplate(dependencies))
  dependencies.Menu.setApplicationMenu(menu)
  return {
    showTheme(theme) {
      const item = menu.getMenuItemById(`theme.${theme}`)
      if (item !== null) item.checked = true
    },
  }
}

/** The whole menu, drawn from the list of commands. Labels and keys of roles are the platform's own. */
export function menuTemplate(
  dependencies: Pick<MenuDependencies, 'platform' | 'theme' | 'perform'>,
): MenuItemConstructorOptions[] {
  const mac = dependencies.platform === 'darwin'
  const items = (group: CommandGroup) => groupItems(group, dependencies)
  const view = [...items('View'), separator, { role: 'toggleDevTools' } as const]
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: items('Workspace') },
    { role: 'editMenu' },
    { label: '&View', submenu: view },
    { label: '&Go', submenu: items('Go') },
    { label: '&Scheduler', submenu: items('Scheduler') },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    { role: 'help', label: '&Help', submenu: [...items('Help'), ...(mac ? [] : [{ role: 'about' } as const])] },
  ]
}

const separator: MenuItemConstructorOptions = { type: 'separator' }

function groupItems(
  group: CommandGroup,
  dependencies: Pick<MenuDependencies, 'platform' | 'theme' | 'perform'>,
): MenuItemConstructorOptions[] {
  // macOS has Quit in the application's own menu.
  const listed = (appCommands as readonly AppCommand[]).filter(
    (command) => command.group === group && !(command.role === 'quit' && dependencies.platform === 'darwin'),
  )
  return listed.flatMap((command, index) => {
    const before = listed[index - 1]
    const item = commandItem(command, dependencies)
    return before !== undefined && section(before) !== section(command) ? [separator, item] : [item]
  })
}

/** Commands of one section stand together: `theme.*`, `gate.*`; what the platform does stands apart from what we do. */
function section(command: AppCommand): string {
  return command.role === undefined ? (command.id.split('.')[0] ?? command.id) : 'role'
}

function commandItem(
  command: AppCommand,
  { theme, perform }: Pick<MenuDependencies, 'theme' | 'perform'>,
): MenuItemConstructorOptions {
  const { id, title, role, accelerator } = command
  if (role !== undefined) return { id, role }
  return {
    id,
    label: title,
    ...(accelerator === undefined ? {} : { accelerator }),
    ...(themeItems.includes(id) ? { type: 'radio', checked: id === `theme.${theme}` } : {}),
    click: () => {
      if (isPageCommand(id)) perform(id)
    },
  }
}

const themeItems: readonly string[] = themeChoices.map((choice) => `theme.${choice}`)
