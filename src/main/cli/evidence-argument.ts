import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GuardhouseError } from '../../shared/errors.ts'
import { evidencePathFor, isEvidencePath } from '../engine/workflow/evidence/evidence-file.ts'

/** The evidence that is meant by a path: itself, or the one beside a trace. Throws a GuardhouseError when there is none. */
export function evidencePathFrom(path: string): string {
  if (!existsSync(path)) throw new GuardhouseError('not-found', `There is no file ${path}`)
  if (isEvidencePath(path)) return path
  const beside = evidencePathFor(path)
  if (beside !== path && existsSync(beside)) return beside
  throw new GuardhouseError('not-found', `${path} is a trace, and no evidence lies beside it`, {
    hint: 'a trace alone does not hold what a replay needs; guardhouse run writes the evidence beside it',
  })
}

/** The folder of the snapshots that a run was made from: the nearest one above its evidence. */
export function workspaceAbove(path: string): string {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'tokenized_snapshot'))) return folder
  }
  throw new GuardhouseError('not-found', `No folder above ${path} holds a tokenized_snapshot`, {
    hint: 'name the workspace: --workspace PATH',
  })
}
