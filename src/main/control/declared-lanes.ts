import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkspaceInfo } from '../../shared/contract/operations.ts'
import { type BusDeclaration, laneFileName, parseLaneFile } from '../engine/bus/lanes/lane-definition.ts'

const nothing: BusDeclaration = { lanes: [], walls: {} }

/** The lanes and walls that the open workspace declares; none while none is open. Throws `bad-request` for a file that says them wrongly. */
export async function readDeclaredLanes({ state, path }: WorkspaceInfo): Promise<BusDeclaration> {
  if (state !== 'ready' || path === null) return nothing
  let text: string
  try {
    text = await readFile(join(path, laneFileName), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing
    throw error
  }
  return parseLaneFile(text)
}
