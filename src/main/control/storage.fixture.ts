import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { validateOptions } from '../engine/scheduler/options.ts'
import { findEntries } from '../entries.ts'
import { Storage } from './storage.ts'

/** What a host keeps, in a folder of its own, with the thread of the receipts. `prepare` finds the folder before it is opened. */
export class StorageBench implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'guardhouse-storage-'))
  readonly catalog = join(this.folder, 'catalog')
  readonly notices: string[] = []
  readonly storage: Storage

  constructor(prepare: (catalog: string) => void = () => undefined) {
    mkdirSync(join(this.catalog, 'receipts'), { recursive: true })
    prepare(this.catalog)
    this.storage = new Storage({
      receiptsEntry: findEntries().receipts,
      stateDirectory: this.folder,
      codeInUse: join(this.folder, 'code-cache', '1'),
      options: () => validateOptions({}),
      epochWall: 0,
      cpuQuotaPct: () => 100,
    })
  }

  /** The host that uses the storage closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
