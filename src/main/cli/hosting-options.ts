import { resolveWorkspaceFolder } from '../engine/workspace/workspace-folder.ts'
import type { OptionSpecs, OptionValues } from './command.ts'

/** Options of the commands that start a scheduler of their own, whichever window it gets. */
export const hostingOptions = {
  trust: { type: 'boolean', help: 'The code in this folder may run on this machine' },
  'read-only': { type: 'boolean', help: 'Everybody may look, nobody may change anything' },
} as const satisfies OptionSpecs

export interface HostingSettings {
  /** Absolute folder, null for the sample. */
  readonly workspace: string | null
  /** Trust the folder without asking. */
  readonly trust: boolean
  readonly readOnly: boolean
}

/** Throws when `folder` is no folder that can be read. */
export async function readHosting(
  options: OptionValues<typeof hostingOptions>,
  folder: string | undefined,
): Promise<HostingSettings> {
  return {
    workspace: folder === undefined ? null : await resolveWorkspaceFolder(folder),
    trust: options.trust,
    readOnly: options['read-only'],
  }
}
