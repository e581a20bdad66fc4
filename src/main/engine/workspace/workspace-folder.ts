import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { GuardhouseError } from '../../../shared/errors.ts'

/**
 * The folder at `path`, absolute and with links resolved.
 * @throws GuardhouseError `bad-request` when the path is empty or a file, `not-found` when nothing is there, `not-allowed`
 * when it cannot be read.
 */
export async function resolveWorkspaceFolder(path: string): Promise<string> {
  if (path.trim() === '') {
    throw new GuardhouseError('bad-request', 'the workspace path is empty', { hint: 'Give the path of a folder.' })
  }
  try {
    const folder = await realpath(path)
    if (!(await stat(folder)).isDirectory()) throw isAFile(path)
    await readdir(folder)
    return folder
  } catch (error) {
    throw error instanceof GuardhouseError ? error : unusable(path, error)
  }
}

function isAFile(path: string): GuardhouseError {
  return new GuardhouseError('bad-request', `${path} is a file; a workspace is a folder`, {
    hint: `Open the folder it is in: ${dirname(path)}`,
  })
}

function unusable(path: string, cause: unknown): GuardhouseError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new GuardhouseError('not-found', `there is no folder ${path}`, { hint: 'Look at the path again.', cause })
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const hint = 'Give yourself the right to read it, or open another folder.'
    return new GuardhouseError('not-allowed', `the folder ${path} may not be read by this user`, { hint, cause })
  }
  const why = cause instanceof Error ? cause.message : String(cause)
  return new GuardhouseError('bad-request', `the folder ${path} cannot be opened: ${why}`, { cause })
}
