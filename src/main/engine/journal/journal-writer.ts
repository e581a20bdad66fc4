import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type {
  FromWriter,
  JournalBatch,
  JournalOpened,
  RestoreReport,
  ToWriter,
  WriterData,
} from './journal-protocol.ts'
import { JournalRetention } from './journal-retention.ts'
import { JournalStore } from './journal-store.ts'
import { type OpenJournal, openFile, openJournal, putAside, replaceDamaged } from './open-journal.ts'
import { restore } from './restore.ts'
import type { RetentionAnswer, RetentionAsk } from './retention-protocol.ts'
import { SharedTexts } from './shared-texts.ts'
import { faultSentence, storageFault } from './sqlite-error.ts'
import { makeStartsFolder, readStarts, startsFolder } from './start-log.ts'

/** A transaction that took longer is told, milliseconds. */
const slowMs = 250
const retryMs = 250
/** How often to look whether something is old or too much, milliseconds. */
const pruneEveryMs = 5000
/** Once that many tokens have gone, what waits is written before more go. */
const pruneSlice = 2000
const auditKept = 10_000

/** The journal's own thread: takes batches one after the other, each one transaction, and keeps the file within its limits. */
export class JournalWriter {
  readonly #data: WriterData
  readonly #tell: (message: FromWriter, transfer?: readonly ArrayBuffer[]) => void
  readonly #waiting: JournalBatch[] = []
  #journal: OpenJournal | null = null
  #store: JournalStore | null = null
  readonly #texts = new SharedTexts()
  #pruneTimer: NodeJS.Timeout | null = null
  #retryTimer: NodeJS.Timeout | null = null
  /** Requests for removal that go on. */
  readonly #retaining = new Set<number>()
  #troubled = false
  #closing = false
  #transactions = 0
  #records = 0
  #slow = 0
  #fileBytes = 0

  constructor(data: WriterData, tell: (message: FromWriter, transfer?: readonly ArrayBuffer[]) => void) {
    this.#data = data
    this.#tell = tell
  }

  open(): void {
    try {
      this.#journal = openJournal(this.#data.path, this.#data.mayMove)
      this.#tell({ type: 'opened', opened: this.#restoreOrReplace(this.#journal) })
      this.#pruneTimer = setInterval(() => this.#prune(), pruneEveryMs)
    } catch (error) {
      const known = error instanceof GuardhouseError ? error : null
      const kind = known?.kind === 'conflict' || known?.kind === 'unsupported' ? known.kind : 'not-allowed'
      const message = error instanceof Error ? error.message : String(error)
      this.#tell({ type: 'not-opened', kind, message, hint: known?.hint ?? 'Go without a journal with --no-journal.' })
      this.#dispose()
    }
  }

  receive(message: ToWriter): void {
    if (message.type === 'limit') this.#opened().store.database.pragma(`max_page_count = ${message.pages}`)
    else if (message.type === 'batch') this.#waiting.push(message.batch)
    else if (message.type === 'retain') return void this.#retain(message.request, message.ask)
    else if (message.type === 'stop-retaining') return void this.#retaining.delete(message.request)
    else this.#closing = true
    if (this.#retryTimer === null) this.#work()
  }

  /** What is damaged behind the beginning of the file shows only when all of it is read. */
  #restoreOrReplace(journal: OpenJournal): JournalOpened {
    try {
      return this.#restore(journal)
    } catch (error) {
      if (storageFault(error) !== 'damaged') throw error
      const replaced = replaceDamaged(journal, error)
      this.#journal = replaced
      return this.#restore(replaced)
    }
  }

  #restore({ path, database, notices }: OpenJournal): JournalOpened {
    const store = this.#openStore(database)
    const begun = readStarts(path)
    const report: RestoreReport = restore(store, begun, Date.now())
    let { lastSequence } = store
    // Also beyond what began without having been acknowledged: an old log must not speak of a new token.
    for (const sequence of begun.keys()) lastSequence = Math.max(lastSequence, sequence)
    const folder = makeStartsFolder(path)
    for (const name of readdirSync(startsFolder(path))) {
      if (name !== basename(folder)) rmSync(join(startsFolder(path), name), { recursive: true, force: true })
    }
    return {
      path,
      startsFolder: folder,
      lastSequence,
      lastBatch: store.lastBatch,
      restore: report,
      audit: (
        database
          .prepare('SELECT * FROM audit ORDER BY id DESC LIMIT ?')
          .all(auditKept) as JournalOpened['audit'][number][]
      ).reverse(),
      auditTotal: Number(database.prepare('SELECT coalesce(max(id), 0) FROM audit').pluck().get()),
      settings: database.prepare('SELECT name, value FROM settings').raw().all() as [string, string][],
      notices,
    }
  }

  #openStore(database: OpenJournal['database']): JournalStore {
    const store = new JournalStore(database, this.#data.epochWall)
    this.#store = store
    return store
  }

  #work(): void {
    for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
      if (!this.#write(batch)) return
      this.#waiting.shift()
    }
    if (this.#closing) this.#close()
  }

  /** False when it has to be tried again later. */
  #write(batch: JournalBatch): boolean {
    const { store } = this.#opened()
    const from = performance.now()
    try {
      store.write(batch)
    } catch (error) {
      this.#failed(error)
      return false
    }
    this.#texts.add(batch)
    this.#transactions += 1
    this.#records += batch.count
    if (this.#troubled) this.#tell({ type: 'recovered' })
    this.#troubled = false
    this.#committed(batch, performance.now() - from)
    return true
  }

  #committed(batch: JournalBatch, tookMs: number): void {
    if (tookMs > slowMs) {
      this.#slow += 1
      const rows = `${batch.count} ${batch.count === 1 ? 'row' : 'rows'}`
      this.#tell({ type: 'slow', sentence: `Writing ${rows} to the journal took ${Math.round(tookMs)} ms.` })
    }
    const { path, store } = this.#opened()
    // Asking the system costs as much as writing a few rows: it is enough to know it as of the last time the disk had everything.
    if (batch.sync || this.#fileBytes === 0) this.#fileBytes = bytesOf(path) + bytesOf(`${path}-wal`)
    const figures = {
      transactions: this.#transactions,
      records: this.#records,
      fileBytes: this.#fileBytes,
      rows: store.rows,
      slowTransactions: this.#slow,
    }
    const { number, sync: synced, records, bytes } = batch
    const texts = this.#texts.takeBegun()
    this.#tell({ type: 'committed', number, synced, figures, buffers: { records, bytes }, texts }, [records, bytes])
  }

  #failed(error: unknown): void {
    const { path } = this.#opened()
    const fault = storageFault(error)
    if (fault === 'damaged') return this.#startAfresh(error)
    if (!this.#troubled) this.#tell({ type: 'trouble', fault, sentence: faultSentence(fault, path, error) })
    this.#troubled = true
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null
      if (fault === 'full') this.#prune()
      this.#work()
    }, retryMs)
  }

  /** The file was damaged under us: it is kept aside, and the control thread tells everything it knows once more. */
  #startAfresh(error: unknown): void {
    const { path, store } = this.#opened()
    store.database.close()
    const aside = putAside(path)
    const database = openFile(path)
    this.#journal = { ...this.#openedJournal(), database }
    this.#openStore(database)
    this.#texts.forget()
    // What waits comes again with everything else; whoever waits for it waits for that.
    this.#waiting.length = 0
    const sentence = `${faultSentence('damaged', path, error)} It is kept as ${aside}; a fresh one begins.`
    this.#tell({ type: 'fresh', sentence })
  }

  #prune(): void {
    if (this.#journal === null) return
    const { store } = this.#opened()
    const { maxRows, maxBytes, maxDays } = this.#data.limits
    try {
      const writtenBefore = Date.now() - maxDays * 86_400_000
      const { removed, more } = store.removeOld({ maxRows, maxBytes, writtenBefore, mostRows: pruneSlice }, false)
      if (removed.length > 0) this.#tell({ type: 'removed', sequences: removed })
      if (removed.length > 0) store.giveBackRoom()
      // The rest as soon as what waits is written.
      if (more) setImmediate(() => this.#prune())
    } catch (error) {
      if (storageFault(error) === 'damaged') this.#startAfresh(error)
      // Anything else shows at the next batch, which is tried until it can be written.
    }
  }

  async #retain(request: number, ask: RetentionAsk): Promise<void> {
    this.#retaining.add(request)
    try {
      this.#tell({ type: 'retained', request, answer: await this.#retained(request, ask) })
    } catch (error) {
      this.#tell({ type: 'retained', request, answer: toErrorData(error) })
    } finally {
      this.#retaining.delete(request)
    }
  }

  async #retained(request: number, ask: RetentionAsk): Promise<RetentionAnswer> {
    const { path, store } = this.#opened()
    let rows = 0
    const retention = new JournalRetention({
      store,
      path,
      isStopped: () => this.#closing || store !== this.#store || !this.#retaining.has(request),
      removed: (sequences) => {
        rows += sequences.length
        this.#tell({ type: 'removed', sequences })
        this.#tell({ type: 'retention-progress', request, rows })
      },
    })
    return ask.kind === 'ages' ? retention.ages(ask.bounds) : await retention.remove(ask)
  }

  #close(): void {
    this.#dispose()
    this.#tell({ type: 'closed' })
  }

  #dispose(): void {
    if (this.#pruneTimer !== null) clearInterval(this.#pruneTimer)
    this.#journal?.database.close()
    this.#journal?.lock.close()
    this.#journal = null
  }

  #openedJournal(): OpenJournal {
    if (this.#journal === null) throw new Error('the journal is not open')
    return this.#journal
  }

  #opened(): { path: string; store: JournalStore } {
    if (this.#store === null) throw new Error('the journal is not open')
    return { path: this.#openedJournal().path, store: this.#store }
  }
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
