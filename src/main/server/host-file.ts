import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isProcessAlive } from '../engine/system/is-process-alive.ts'
import type { HostAnnouncement } from '../sdk/discovery.ts'
import { hostsDirectory } from '../sdk/state-directory.ts'

/** Disposing removes the file. */
export interface PublishedHost extends Disposable {
  readonly path: string
}

/**
 * Writes `hosts/<pid>.json` below the state directory, readable by its user alone, and removes the files of hosts that
 * ended without removing their own. The file goes away when it is disposed or the process exits.
 */
export async function publishHost(stateDirectory: string, announcement: HostAnnouncement): Promise<PublishedHost> {
  const directory = hostsDirectory(stateDirectory)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await removeStaleHosts(directory)
  const path = join(directory, `${announcement.pid}.json`)
  // A reader must never see half a file, nor the file before its mode is set.
  const draft = join(directory, `.${announcement.pid}-${randomBytes(4).toString('hex')}.draft`)
  await writeFile(draft, `${JSON.stringify(announcement, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(draft, path)
  const remove = () => rmSync(path, { force: true })
  process.once('exit', remove)
  return {
    path,
    [Symbol.dispose]() {
      process.off('exit', remove)
      remove()
    },
  }
}

async function removeStaleHosts(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = /^\.?(\d+)(?:\.json|-[0-9a-f]+\.draft)$/.exec(name)?.[1]
    if (pid !== undefined && !isProcessAlive(Number(pid))) await rm(join(directory, name), { force: true })
  }
}
