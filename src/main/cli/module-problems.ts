import type { WorkspaceInfo } from '../../shared/contract/operations.ts'
import { describeError } from './print-error.ts'
import { printableText } from './printable-text.ts'
import type { Terminal } from './terminal.ts'

/** Tells of every module that does not load where it is wrong, and what to do about it. */
export function noteModuleProblems(modules: WorkspaceInfo['modules'], terminal: Terminal): void {
  for (const { module, state, error } of modules) {
    if (state !== 'failed') continue
    const why = error === null ? 'unknown why' : describeError({ ...error, cause: undefined })
    terminal.note(`${printableText(module)} does not load: ${why}`)
  }
}
