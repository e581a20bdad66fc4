import { type Dirent, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { GuardhouseError } from '../../../shared/errors.ts'
import { writeWhole } from './durable-file.ts'
import { FolderSync } from './folder-sync.ts'
import { isHash, type Receipt, readReceipt } from './receipt.ts'

/** The files `receipts/<id>.json` of one catalog. */
export class ReceiptFiles {
  readonly folder: string
  readonly #quarantine: string
  readonly #sync: FolderSync

  constructor(catalog: string) {
    this.folder = join(catalog, 'receipts')
    this.#sync = new FolderSync(this.folder)
    this.#quarantine = join(catalog, 'receipts.quarantine')
    mkdirSync(this.folder, { recursive: true })
  }

  /** When a file was last added or removed, milliseconds since 1970 UTC. */
  get modifiedMs(): number {
    return statSync(this.folder).mtimeMs
  }

  /** Ids by the names of the files; files with other names, and left-overs of a crash, are not among them. */
  ids(): string[] {
    const entries: Dirent[] = readdirSync(this.folder, { withFileTypes: true })
    for (const { name } of entries) if (name.endsWith('.partial')) rmSync(join(this.folder, name), { force: true })
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
      .map((entry) => entry.name.slice(0, -5))
      .filter(isHash)
  }

  /** Whole at once for every reader; safe against a power cut only after `sync`. */
  write(id: string, text: string): void {
    writeWhole(this.#pathOf(id), text, false)
  }

  /** Cheaper than reading it. */
  isThere(id: string): boolean {
    return existsSync(this.#pathOf(id))
  }

  /** What `write` wrote of these is on the disk when this resolves. */
  async sync(ids: readonly string[]): Promise<void> {
    await this.#sync.sync(ids.map((id) => `${id}.json`))
  }

  /** Null when the file is not there. Throws `conflict` when it holds no receipt of this id, `not-allowed` when it cannot be read. */
  read(id: string): Receipt | null {
    const text = this.#readText(id)
    if (text === null) return null
    const receipt = readWhole(id, text)
    if (receipt.id === id) return receipt
    throw new GuardhouseError('conflict', `the file of receipt ${id} holds receipt ${receipt.id}`)
  }

  /** Moves a file that holds no receipt out of the way, into `receipts.quarantine`. */
  quarantine(id: string): void {
    mkdirSync(this.#quarantine, { recursive: true })
    renameSync(this.#pathOf(id), join(this.#quarantine, `${id}.json`))
  }

  #readText(id: string): string | null {
    try {
      return readFileSync(this.#pathOf(id), 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw new GuardhouseError('not-allowed', `receipt ${id} cannot be read: ${(error as Error).message}`, {
        hint: 'See to the rights of the folder of receipts, and to its disk.',
        cause: error,
      })
    }
  }

  #pathOf(id: string): string {
    return join(this.folder, `${id}.json`)
  }
}

function readWhole(id: string, text: string): Receipt {
  try {
    return readReceipt(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new GuardhouseError('conflict', `the file of receipt ${id} holds no receipt: ${why}`, {
      hint: 'It was changed or cut short after it was written; put it back from a copy.',
      cause: error,
    })
  }
}
