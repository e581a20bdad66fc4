import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ErrorData, toErrorData } from '../../../shared/errors.ts'
import { isSourceFile } from './source-file.ts'

/** How far a workspace is searched. Beyond it files are not seen, and a notice says so. */
export interface FolderLimits {
  /** Folders below the workspace: 0 is the workspace alone. */
  readonly depth: number
  readonly folders: number
  readonly files: number
  /** Bytes of one source file. */
  readonly fileBytes: number
}

export const defaultFolderLimits: FolderLimits = { depth: 12, folders: 2_000, files: 5_000, fileBytes: 8 * 1024 * 1024 }

export type SourceFile = { readonly hash: string } | { readonly hash: null; readonly error: ErrorData }

/** The code of a workspace at one moment. Paths are relative to it, with forward slashes; '' is the workspace itself. */
export interface FolderSnapshot {
  /** By path, sorted. */
  readonly files: ReadonlyMap<string, SourceFile>
  readonly folders: readonly string[]
  /** What was not looked at and why, one sentence each. */
  readonly notices: readonly string[]
}

/** Finds and hashes every source file, without following links. Never rejects: what cannot be read is in the answer. */
export async function takeSnapshot(root: string, limits: FolderLimits): Promise<FolderSnapshot> {
  const folders: string[] = []
  const paths: string[] = []
  const notices = new Set<string>()
  const waiting = ['']
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    if (folders.length === limits.folders) {
      notices.add(`More than ${limits.folders} folders: the others are not searched for operations.`)
      break
    }
    folders.push(folder)
    const children = await childrenOf(root, folder, notices)
    paths.push(...children.files)
    if (depthOf(folder) < limits.depth) waiting.push(...children.folders)
    else if (children.folders.length > 0) {
      notices.add(`Folders more than ${limits.depth} levels deep are not searched for operations, such as ${folder}/.`)
    }
  }
  if (paths.length > limits.files) {
    notices.add(`More than ${limits.files} source files: the others are neither loaded nor watched.`)
  }
  const files = await hashFiles(root, paths.sort().slice(0, limits.files), limits.fileBytes)
  return { files, folders, notices: [...notices] }
}

/** One text for the state of all the code: equal exactly when every file is. */
export function fingerprint(snapshot: FolderSnapshot, salt: string): string {
  const hash = createHash('sha256').update(salt)
  for (const [path, file] of snapshot.files) hash.update(`\0${path}\0${file.hash ?? file.error.message}`)
  return hash.digest('hex').slice(0, 16)
}

async function childrenOf(
  root: string,
  folder: string,
  notices: Set<string>,
): Promise<{ files: readonly string[]; folders: readonly string[] }> {
  try {
    const entries = await readdir(join(root, folder), { withFileTypes: true })
    const pathOf = (entry: { name: string }) => (folder === '' ? entry.name : `${folder}/${entry.name}`)
    return {
      files: entries.filter((entry) => entry.isFile() && isSourceFile(entry.name)).map(pathOf),
      folders: entries.filter((entry) => entry.isDirectory() && isSearched(entry.name)).map(pathOf),
    }
  } catch (error) {
    const where = folder === '' ? 'The workspace' : `The folder ${folder}`
    notices.add(`${where} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    return { files: [], folders: [] }
  }
}

function isSearched(folderName: string): boolean {
  return folderName !== 'node_modules' && !folderName.startsWith('.')
}

function depthOf(folder: string): number {
  return folder === '' ? 0 : folder.split('/').length
}

async function hashFiles(
  root: string,
  paths: readonly string[],
  fileBytes: number,
): Promise<ReadonlyMap<string, SourceFile>> {
  const files = new Map<string, SourceFile>()
  // One after the other: thousands at once would exhaust file descriptors, and nobody waits for this in a hurry.
  for (const path of paths) files.set(path, await hashFile(join(root, path), fileBytes))
  return files
}

async function hashFile(path: string, fileBytes: number): Promise<SourceFile> {
  try {
    const { size } = await stat(path)
    if (size > fileBytes) {
      const message = `the file has ${size} bytes; source files may have ${fileBytes}`
      return { hash: null, error: { kind: 'too-large', message, hint: 'Keep data in files that are not code.' } }
    }
    return {
      hash: createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    }
  } catch (error) {
    return { hash: null, error: toErrorData(error, 'module-failed') }
  }
}
