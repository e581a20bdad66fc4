import { opendir, realpath, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { GuardhouseError } from '../../shared/errors.ts'

/** The one true path of a readable folder. Throws one clear error for whatever else a path may lead to. */
export async function resolveFolder(path: string): Promise<string> {
  if (!isAbsolute(path)) {
    throw new GuardhouseError('bad-request', `the path of a workspace must be absolute: ${path}`, {
      hint: 'The host may run in another folder than you: give the path from the root.',
    })
  }
  try {
    const folder = await realpath(path)
    if (!(await stat(folder)).isDirectory()) {
      throw new GuardhouseError('bad-request', `${path} is a file, and a workspace is a folder`, {
        hint: 'Open the folder that contains it.',
      })
    }
    // Asking access(2) instead would answer for the real user, not for the effective one that reads.
    await (await opendir(folder)).close()
    return folder
  } catch (error) {
    throw error instanceof GuardhouseError ? error : unreachable(path, error)
  }
}

function unreachable(path: string, cause: unknown): GuardhouseError {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new GuardhouseError('not-found', `there is no folder ${path}`, { hint: 'Check the path.', cause })
    case 'EACCES':
    case 'EPERM':
      return new GuardhouseError('not-allowed', `the folder ${path} may not be read`, {
        hint: 'Give yourself permission to read it, or open another one.',
        cause,
      })
    default:
      return new GuardhouseError('bad-request', `${path} cannot be opened: ${(cause as Error).message}`, { cause })
  }
}
