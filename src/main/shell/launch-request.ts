import path from 'node:path'
import { z } from 'zod'

/** What somebody who starts the application asks of it. Crosses from a second instance to the first. */
export const launchRequest = z.strictObject({
  /** Absolute path of the folder to open; null to go on with what is open. */
  workspace: z.string().min(1).max(4096).nullable(),
})
export type LaunchRequest = z.infer<typeof launchRequest>

/**
 * Reads `open <dir>` from a command line; a relative folder counts from `workingDirectory`. Switches, ours or Chromium's,
 * may stand anywhere: Electron moves them about.
 */
export function parseLaunch(argv: readonly string[], workingDirectory: string): LaunchRequest {
  const words = argv.filter((word) => !word.startsWith('-'))
  const verb = words.indexOf('open')
  const folder = verb === -1 ? undefined : words[verb + 1]
  return { workspace: folder === undefined ? null : path.resolve(workingDirectory, folder) }
}
