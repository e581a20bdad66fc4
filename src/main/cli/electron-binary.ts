import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const executables: Partial<Readonly<Record<NodeJS.Platform, string>>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}

/** Where the answer comes from; everything has the machine's own value by default. */
export interface ElectronSource {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform?: NodeJS.Platform
  /** Folder of the installed `electron` package, null when it is not installed. */
  readonly packageFolder?: string | null
}

/**
 * Electron's executable, null when it is not there. Importing the package instead would start a download of a hundred
 * megabytes; the file `path.txt` and the folder `dist` are what its installer leaves behind.
 */
export function findElectron(source: ElectronSource): string | null {
  const { environment, platform = process.platform, packageFolder = electronFolder() } = source
  const usual = executables[platform] ?? 'electron'
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH
  if (override) return existing(join(override, usual))
  if (packageFolder === null) return null
  const pathFile = join(packageFolder, 'path.txt')
  const executable = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : usual
  return existing(join(packageFolder, 'dist', executable))
}

/** Folder of the installed `electron` package, null when it is not installed. */
export function electronFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null
    throw error
  }
}

function existing(path: string): string | null {
  return existsSync(path) ? path : null
}
