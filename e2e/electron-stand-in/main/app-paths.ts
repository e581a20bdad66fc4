import { mkdirSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { launch } from '../process/this-launch.ts'

/** The folders of `app.getPath`. */
export class AppPaths {
  readonly #set = new Map<string, string>()
  readonly #applicationName: () => string

  constructor(applicationName: () => string) {
    this.#applicationName = applicationName
    const dataFolder = launch.commandLine.getSwitchValue('user-data-dir')
    if (dataFolder !== '') this.#set.set('userData', path.resolve(dataFolder))
  }

  /** The data folder that somebody has chosen, by switch or by `app.setPath`; null for the default one. */
  get chosenDataFolder(): string | null {
    return this.#set.get('sessionData') ?? this.#set.get('userData') ?? null
  }

  get(name: string): string {
    const folder = this.#set.get(name) ?? this.#default(name)
    if (folder === undefined) throw new Error(`Failed to get '${name}' path`)
    if (name === 'userData' || name === 'sessionData' || name === 'logs') mkdirSync(folder, { recursive: true })
    return folder
  }

  set(name: string, folder: string): void {
    if (!path.isAbsolute(folder)) throw new Error('Path must be absolute')
    if (this.#default(name) === undefined) throw new Error(`Failed to set path: ${name}`)
    this.#set.set(name, folder)
  }

  #default(name: string): string | undefined {
    const home = homedir()
    switch (name) {
      case 'home':
        return home
      case 'temp':
        return tmpdir()
      case 'exe':
      case 'module':
        return launch.executable
      case 'appData':
        return process.env.XDG_CONFIG_HOME ?? path.join(home, '.config')
      case 'userData':
        return path.join(this.get('appData'), this.#applicationName())
      case 'sessionData':
        return this.get('userData')
      case 'logs':
        return path.join(this.get('userData'), 'logs')
      case 'crashDumps':
        return path.join(this.get('userData'), 'Crashpad')
      default:
        return personalFolders.includes(name) ? path.join(home, `${name[0]?.toUpperCase()}${name.slice(1)}`) : undefined
    }
  }
}

const personalFolders = ['desktop', 'documents', 'downloads', 'music', 'pictures', 'videos']
