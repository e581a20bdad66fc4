import { accessSync, constants } from 'node:fs'
import path from 'node:path'

const usualNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']
const usualFolders = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome']

/** There is no Chromium to start. The message is for a person and says what to do. */
export class ChromiumMissing extends Error {}

/** Chromium's executable: what the variable CHROMIUM names, else the first on the search path and the usual folders. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  if (env.CHROMIUM !== undefined && env.CHROMIUM !== '') {
    if (isExecutable(env.CHROMIUM)) return env.CHROMIUM
    throw new ChromiumMissing(`CHROMIUM is '${env.CHROMIUM}', which is not an executable file`)
  }
  const folders = [...(env.PATH ?? '').split(path.delimiter).filter(path.isAbsolute), ...usualFolders]
  const candidates = usualNames.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  const found = candidates.find(isExecutable)
  if (found !== undefined) return found
  throw new ChromiumMissing(
    'no Chromium found for the Electron stand-in; install one (Debian: apt-get install chromium) or name it in CHROMIUM',
  )
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
