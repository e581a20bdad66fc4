import { GuardhouseError } from '../../../../shared/errors.ts'
import { printIndented, printSpaced } from '../../json/print.ts'
import type { JsonObject, JsonValue } from '../../json/value.ts'
import { commitChanges, type FileChange } from './commit-journal.ts'
import type { FileStores, Stores } from './file-stores.ts'
import type { LogFile, LogStore } from './log-file.ts'
import type { ObjectFile, ObjectStore } from './object-file.ts'
import type { RegistryFile, RegistryStore } from './registry-file.ts'
import { findRecord, RegistryLayer } from './registry-layer.ts'
import { indexKey, readRecord } from './registry-record.ts'

/** Stores whose changes are kept back until they are committed, all at once, or are forgotten. */
export interface StagedStores extends Stores {
  /**
   * Makes all changes, or none. Throws a GuardhouseError `conflict` when somebody else changed one of the stores since the
   * run first looked into it: what the run read then no longer holds.
   */
  commit(): void
  /** How many stores are changed. */
  readonly changes: number
}

/** What a staged store wants to be done to its file. */
interface Staged {
  /** Null: nothing. */
  change(): FileChange | null
  /** True while the file is as the run found it. */
  isUntouched(): boolean
}

export function stagedStores(base: FileStores): StagedStores {
  const staged = new Map<string, Staged>()
  const staging =
    <Store extends Staged, Base>(find: (path: string) => Base, make: (store: Base) => Store) =>
    (path: string): Store => {
      const known = staged.get(path)
      // A path leads to one kind of store in any sensible workspace; where not, the later kind starts anew.
      if (known !== undefined) return known as Store
      const store = make(find(path))
      staged.set(path, store)
      return store
    }
  return {
    dataRoot: base.dataRoot,
    registry: staging(base.registry, (store) => new StagedRegistry(store)),
    log: staging(base.log, (store) => new StagedLog(store)),
    object: staging(base.object, (store) => new StagedObject(store)),
    get changes() {
      return [...staged.values()].filter((store) => store.change() !== null).length
    },
    commit() {
      const changes = [...staged.values()].map((store) => store.change()).filter((change) => change !== null)
      if (changes.length === 0) return
      commitChanges(base.dataRoot, changes, () => {
        for (const [path, store] of staged) if (!store.isUntouched()) throw conflict(path)
      })
    },
  }
}

class StagedRegistry implements RegistryStore, Staged {
  readonly #base: RegistryFile
  readonly #lines: string[] = []
  #records: RegistryLayer | null = null
  #bytes = 0

  constructor(base: RegistryFile) {
    this.#base = base
  }

  exclusively<Result>(work: () => Result): Result {
    return work()
  }

  refresh(): void {
    if (this.#records !== null) return
    this.#base.refresh()
    this.#bytes = this.#base.bytes
    this.#records = new RegistryLayer(this.#base.view, Number.MAX_SAFE_INTEGER / 2)
  }

  get count(): number {
    return this.#view.count
  }

  has(key: JsonValue): boolean {
    return this.#view.record(indexKey(key)) !== null
  }

  find(keyOrAddress: JsonValue): JsonObject | null {
    return findRecord(this.#view, indexKey(keyOrAddress))?.content() ?? null
  }

  append(record: JsonObject): void {
    this.#lines.push(this.#lines.length === 0 ? this.#base.lineOf(record) : printSpaced(record))
    this.#view.apply(readRecord(printSpaced(record)))
  }

  change(): FileChange | null {
    if (this.#lines.length === 0) return null
    return { kind: 'append', path: this.#base.path, at: this.#bytes, text: `${this.#lines.join('\n')}\n` }
  }

  isUntouched(): boolean {
    this.#base.refresh()
    return this.#base.bytes === this.#bytes
  }

  get #view(): RegistryLayer {
    this.refresh()
    return this.#records ?? new RegistryLayer(this.#base.view, 0)
  }
}

class StagedLog implements LogStore, Staged {
  readonly #base: LogFile
  readonly #records: JsonObject[] = []
  readonly #lines: string[] = []
  #start: { readonly lines: number; readonly bytes: number; readonly gluesTo: boolean } | null = null

  constructor(base: LogFile) {
    this.#base = base
  }

  exclusively<Result>(work: () => Result): Result {
    return work()
  }

  refresh(): number {
    this.#start ??= { lines: this.#base.refresh(), bytes: this.#base.bytes, gluesTo: this.#base.gluesNext }
    const glued = this.#start.gluesTo && this.#lines.length > 0 ? 1 : 0
    return this.#start.lines + this.#lines.length - glued
  }

  append(record: JsonObject): void {
    this.refresh()
    this.#lines.push(this.#lines.length === 0 ? this.#base.lineOf(record) : printSpaced(record))
    this.#records.push(record)
  }

  readAll(): JsonValue[] {
    return [...this.#base.readAll(), ...this.#records]
  }

  change(): FileChange | null {
    if (this.#lines.length === 0 || this.#start === null) return null
    return { kind: 'append', path: this.#base.path, at: this.#start.bytes, text: `${this.#lines.join('\n')}\n` }
  }

  isUntouched(): boolean {
    this.#base.refresh()
    return this.#start === null || this.#base.bytes === this.#start.bytes
  }
}

class StagedObject implements ObjectStore, Staged {
  readonly #base: ObjectFile
  #state: string | null | undefined
  #content: JsonObject | null = null

  constructor(base: ObjectFile) {
    this.#base = base
  }

  exclusively<Result>(work: () => Result): Result {
    return work()
  }

  exists(): boolean {
    this.#look()
    return this.#content !== null || this.#base.exists()
  }

  read(): JsonObject {
    this.#look()
    return this.#content ?? this.#base.read()
  }

  write(content: JsonObject): void {
    this.#look()
    this.#content = content
  }

  change(): FileChange | null {
    return this.#content === null
      ? null
      : { kind: 'replace', path: this.#base.path, text: printIndented(this.#content) }
  }

  isUntouched(): boolean {
    return this.#state === undefined || this.#state === this.#base.state()
  }

  #look(): void {
    if (this.#state === undefined) this.#state = this.#base.state()
  }
}

function conflict(path: string): GuardhouseError {
  return new GuardhouseError(
    'conflict',
    `Somebody else changed ${path} while the run went on; nothing of it was kept`,
    {
      hint: 'run the workflow again',
    },
  )
}
