import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** What the answer depends on; everything has the machine's own value by default. */
export interface StateDirectorySource {
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly platform?: NodeJS.Platform
  readonly home?: string
}

/**
 * Where Guardhouse keeps what it must remember: running hosts, trusted folders, journals.
 * GUARDHOUSE_STATE_DIR wins; else the place each system has for application state (on Linux the XDG base directory specification).
 */
export function stateDirectory(source: StateDirectorySource = {}): string {
  const { environment = process.env, platform = process.platform, home = homedir() } = source
  const chosen = environment.GUARDHOUSE_STATE_DIR
  if (chosen !== undefined && chosen !== '') return resolve(chosen)
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Guardhouse')
  if (platform === 'win32') return join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Guardhouse')
  return join(environment.XDG_STATE_HOME || join(home, '.local', 'state'), 'guardhouse')
}

/** Where running hosts announce themselves, one `<pid>.json` each. */
export function hostsDirectory(state = stateDirectory()): string {
  return join(state, 'hosts')
}
