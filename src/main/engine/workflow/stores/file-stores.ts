import { isAbsolute, relative, resolve, sep } from 'node:path'
import { GuardhouseError } from '../../../../shared/errors.ts'
import { recoverCommit } from './commit-journal.ts'
import { LogFile, type LogStore } from './log-file.ts'
import { ObjectFile, type ObjectStore } from './object-file.ts'
import { RegistryFile, type RegistryStore } from './registry-file.ts'
import { storeLock } from './store-lock.ts'
import { plainStores, type StoreOptions } from './store-options.ts'

/** The stores of one data root. A path always leads to the same store, which keeps what it knows of its file. */
export interface Stores {
  /** Absolute, without slashes at its end: what `{{module_data_root}}` stands for. */
  readonly dataRoot: string
  registry(path: string): RegistryStore
  log(path: string): LogStore
  object(path: string): ObjectStore
}

/** Stores in files. */
export interface FileStores extends Stores {
  registry(path: string): RegistryFile
  log(path: string): LogFile
  object(path: string): ObjectFile
}

/**
 * Stores in the files below `dataRoot`. A path that leads out of it is refused. A commit that somebody who died left
 * unfinished is finished first.
 */
export function fileStores(dataRoot: string, wanted: Partial<StoreOptions> = {}): FileStores {
  const options = { ...plainStores, ...wanted }
  const root = dataRoot.replace(/\/+$/, '')
  const lock = storeLock(root)
  recoverCommit(root)
  return {
    dataRoot: root,
    registry: keeping((path) => new RegistryFile(inside(root, path), lock, options)),
    log: keeping((path) => new LogFile(inside(root, path), lock, options)),
    object: keeping((path) => new ObjectFile(inside(root, path), lock)),
  }
}

function keeping<Store>(make: (path: string) => Store): (path: string) => Store {
  const made = new Map<string, Store>()
  return (path) => {
    const known = made.get(path)
    if (known !== undefined) return known
    const store = make(path)
    made.set(path, store)
    return store
  }
}

function inside(root: string, path: string): string {
  const full = resolve(root, path)
  const way = relative(root, full)
  if (way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return full
  throw new StoreOutside(path, root)
}

/** A policy leads out of the data root. That is never an answer that a workflow could go on with: it stops the run. */
export class StoreOutside extends GuardhouseError {
  constructor(path: string, root: string) {
    super('not-allowed', `A store may not lie outside of the data root: ${path}`, {
      hint: `change the path in the runtime binding; the data root is ${root}`,
    })
  }
}
