import { mkdirSync, mkdtempSync, readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isProcessAlive } from '../process/is-process-alive.ts'

/** The folder in which Chromium keeps storage, cookies and cache. */
export interface Profile {
  readonly directory: string
  /** Whether it goes when Chromium ends. */
  readonly temporary: boolean
}

// The Chromium of an instance that was killed ends by itself, but needs a moment.
const longestWaitMs = 5_000
const pollMs = 50

/**
 * A chosen data folder keeps its profile over restarts, as with Electron. Without one, or while another Chromium uses
 * the profile, it is a temporary one: a developer's own data folder stays untouched.
 */
export async function chooseProfile(chosenDataFolder: string | null): Promise<Profile> {
  const directory = chosenDataFolder === null ? null : path.join(chosenDataFolder, 'chromium')
  if (directory === null || !(await becomesFree(directory))) {
    return { directory: mkdtempSync(path.join(tmpdir(), 'electron-stand-in-')), temporary: true }
  }
  mkdirSync(directory, { recursive: true })
  return { directory, temporary: false }
}

async function becomesFree(directory: string): Promise<boolean> {
  for (let waited = 0; waited <= longestWaitMs; waited += pollMs) {
    if (!isInUse(directory)) return true
    await setTimeout(pollMs)
  }
  return false
}

// Chromium marks the profile it uses by a link that leads to `<host name>-<process id>`.
function isInUse(directory: string): boolean {
  try {
    const owner = readlinkSync(path.join(directory, 'SingletonLock'))
    return isProcessAlive(Number(owner.slice(owner.lastIndexOf('-') + 1)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
