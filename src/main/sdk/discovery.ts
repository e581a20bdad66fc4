import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { GuardhouseError } from '../../shared/errors.ts'
import { codeOf } from '../engine/system/error-code.ts'
import { isProcessAlive } from '../engine/system/is-process-alive.ts'
import { hostsDirectory } from './state-directory.ts'

/**
 * `hosts/<pid>.json` in the state directory: how programs of the same person find a running host. Written by the host with
 * mode 0600, because it holds the secret, and removed by it when it stops.
 */
export const hostAnnouncement = z.object({
  pid: z.number().int().positive(),
  /** Such as `http://127.0.0.1:4177`, without a path. */
  url: z.url({ protocol: /^https?$/ }),
  secret: z.string().min(1),
  /** desktop, server or demo. */
  host: z.string(),
  /** Wall clock, milliseconds since 1970 UTC. */
  startedAt: z.number(),
  /** Absolute path of the open workspace. */
  workspace: z.string().nullish(),
})
export type HostAnnouncement = z.infer<typeof hostAnnouncement>

/**
 * Hosts that announce themselves and whose process lives, newest first. Files that are no announcement are passed over.
 * Throws `not-allowed` when the folder cannot be read.
 */
export function runningHosts(directory = hostsDirectory()): readonly HostAnnouncement[] {
  const hosts = namesIn(directory).flatMap((name) => readAnnouncement(join(directory, name)) ?? [])
  return hosts.filter((host) => isProcessAlive(host.pid)).sort((left, right) => right.startedAt - left.startedAt)
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.json'))
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return []
    const why = code === 'ENOTDIR' ? 'it is not a folder' : code === 'EACCES' ? 'this user may not' : String(error)
    throw new GuardhouseError('not-allowed', `the folder of running hosts ${directory} cannot be read: ${why}`, {
      hint: 'Make it readable, or set GUARDHOUSE_STATE_DIR to the folder that the host uses.',
      cause: error,
    })
  }
}

/** Null for a file that is gone again, half written or of another shape. */
function readAnnouncement(file: string): HostAnnouncement | null {
  try {
    return hostAnnouncement.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}
