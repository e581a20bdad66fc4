import { resolve } from 'node:path'
import { GuardhouseError } from '../../shared/errors.ts'
import type { JournalInit } from '../control/control-protocol.ts'
import { resolveWorkspaceFolder } from '../engine/workspace/workspace-folder.ts'
import type { OptionSpecs, OptionValues } from './command.ts'

/** Options of the commands that start a scheduler of their own, whichever window it gets. */
export const hostingOptions = {
  trust: { type: 'boolean', help: 'The code in this folder may run on this machine' },
  journal: {
    type: 'string',
    value: 'FILE',
    help: 'Where tokens are written down; left out: a file in the state directory',
  },
  'no-journal': { type: 'boolean', help: 'Keep tokens in memory only: they are lost when the host ends' },
  'read-only': { type: 'boolean', help: 'Everybody may look, nobody may change anything' },
} as const satisfies OptionSpecs

export interface HostingSettings {
  /** Absolute folder, null for the sample. */
  readonly workspace: string | null
  /** Trust the folder without asking. */
  readonly trust: boolean
  readonly readOnly: boolean
  /** Null for none. */
  readonly journal: JournalInit | null
}

/** Throws when `folder` is no folder that can be read. */
export async function readHosting(
  options: OptionValues<typeof hostingOptions>,
  folder: string | undefined,
): Promise<HostingSettings> {
  if (options.journal !== undefined && options['no-journal']) {
    throw new GuardhouseError('bad-request', '--journal and --no-journal exclude each other')
  }
  return {
    workspace: folder === undefined ? null : await resolveWorkspaceFolder(folder),
    trust: options.trust,
    readOnly: options['read-only'],
    journal: options['no-journal'] ? null : { path: options.journal === undefined ? null : resolve(options.journal) },
  }
}
