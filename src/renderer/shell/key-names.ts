import { acceleratorKeys } from '../../shared/app-commands.ts'

/** The platform this page runs on, as `process.platform` names it; the desktop tells, a browser has to be guessed. */
export function pagePlatform(page: Window): string {
  if (page.guardhouse !== undefined) return page.guardhouse.facts.platform
  return /Mac|iPhone|iPad/.test(page.navigator.userAgent) ? 'darwin' : 'linux'
}

/** The keys of a command as they are drawn; null when it has none. */
export function shortcutKeys(
  command: { readonly accelerator?: string | undefined; readonly keys?: string | undefined },
  platform: string,
): readonly string[] | null {
  if (command.keys !== undefined) return command.keys.split(' ')
  return command.accelerator === undefined ? null : acceleratorKeys(command.accelerator, platform)
}
