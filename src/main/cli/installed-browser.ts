import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Where the answer comes from; everything has the machine's own value by default. */
export interface BrowserSource {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform?: NodeJS.Platform
  readonly isExecutable?: (path: string) => boolean
}

const linuxNames = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
]
const macApplications = ['Google Chrome', 'Chromium', 'Microsoft Edge']
const windowsPrograms = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe']

/**
 * An installed Chromium, Chrome or Edge: the browsers that can show a page as a window of its own. GUARDHOUSE_BROWSER names
 * another one, and `none` means none. Null when there is none.
 */
export function findBrowser(source: BrowserSource): string | null {
  const { environment, platform = process.platform, isExecutable = isExecutableFile } = source
  const chosen = environment.GUARDHOUSE_BROWSER
  if (chosen === 'none') return null
  if (chosen) return isExecutable(chosen) ? chosen : null
  return candidates(platform, environment).find(isExecutable) ?? null
}

function candidates(platform: NodeJS.Platform, environment: BrowserSource['environment']): string[] {
  if (platform === 'darwin') {
    const folders = ['/Applications', join(environment.HOME ?? '/', 'Applications')]
    return macApplications.flatMap((name) => folders.map((folder) => `${folder}/${name}.app/Contents/MacOS/${name}`))
  }
  if (platform === 'win32') {
    const folders = [environment.ProgramFiles, environment['ProgramFiles(x86)'], environment.LOCALAPPDATA]
    return windowsPrograms.flatMap((program) => folders.flatMap((folder) => (folder ? `${folder}\\${program}` : [])))
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  return linuxNames.flatMap((name) => folders.map((folder) => join(folder, name)))
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    // Whatever the reason, it cannot be started.
    return false
  }
}
