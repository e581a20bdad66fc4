import path from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { parseDeepLink } from '../../shared/deep-link.ts'

/** What somebody who starts the application asks of it. Crosses from a second instance to the first. */
export const launchRequest = z.strictObject({
  /** Absolute path of the folder to open; null for none in particular. */
  workspace: z.string().min(1).max(4096).nullable(),
  /** The code in that folder may run without asking. */
  trust: z.boolean(),
  /** The window may look and not change anything. Only the first instance decides it. */
  readOnly: z.boolean(),
  /** Absolute path of the journal; null for the usual one, false for none. Only the first instance decides it. */
  journal: z.union([z.string().min(1).max(4096), z.null(), z.literal(false)]),
  /** A link into the window; null for none. */
  link: z.string().max(4096).nullable(),
})
export type LaunchRequest = z.infer<typeof launchRequest>

/**
 * Reads `--workspace=<dir>`, `--trust`, `--read-only`, `--journal=<file>` and `--no-journal`; a relative folder counts from `workingDirectory`. Everything else
 * belongs to Electron, Chromium or whoever debugs them, and is passed over.
 */
export function parseLaunch(argv: readonly string[], workingDirectory: string): LaunchRequest {
  const { values, positionals } = parseArgs({
    args: argv.slice(1),
    options: {
      workspace: { type: 'string' },
      trust: { type: 'boolean' },
      'read-only': { type: 'boolean' },
      journal: { type: 'string' },
      'no-journal': { type: 'boolean' },
    },
    strict: false,
    allowPositionals: true,
  })
  const { workspace, journal } = values
  return {
    workspace: typeof workspace === 'string' && workspace !== '' ? path.resolve(workingDirectory, workspace) : null,
    trust: values.trust === true,
    readOnly: values['read-only'] === true,
    journal:
      values['no-journal'] === true
        ? false
        : typeof journal === 'string' && journal !== ''
          ? path.resolve(workingDirectory, journal)
          : null,
    // Windows and Linux start the application anew with the link as an argument.
    link: positionals.find((argument) => parseDeepLink(argument) !== null) ?? null,
  }
}
