import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { GuardhouseError } from '../../shared/errors.ts'
import type { StorageProgress } from '../../shared/model/storage.ts'
import type { Collectable, RetentionPolicy } from '../engine/collection/collectable.ts'
import { CollectionSchedule } from '../engine/collection/collection-schedule.ts'
import { type CollectionReport, Collector, type Inventory } from '../engine/collection/collector.ts'
import { DatedCollectable } from '../engine/collection/dated-collectable.ts'
import { leftoverFiles } from '../engine/collection/leftover-files.ts'
import type { PinnedTokens } from '../engine/collection/pinned-tokens.ts'
import type { StorageOptions } from '../engine/collection/storage-options.ts'
import { CatalogCollectable } from '../engine/receipts/catalog-collectable.ts'
import { CodeIndex } from '../engine/receipts/code-index.ts'
import { ReceiptsClient } from '../engine/receipts/receipts-client.ts'
import type { CollectAnswer } from '../engine/receipts/store-messages.ts'
import { TokenRecorder } from '../engine/receipts/token-recorder.ts'
import { DiskQuotaWatch } from '../engine/throttle/disk-quota-watch.ts'
import type { ThrottleOptions } from '../engine/throttle/throttle-options.ts'

/** What a whole collection came to, with the receipts it emptied. */
export interface StorageReport extends CollectionReport {
  readonly emptied: CollectAnswer['emptied']
  readonly emptiedTotal: number
}

export interface RunningCollection extends StorageProgress {
  readonly cause: string
  readonly startedAt: number
}

export interface StorageParts {
  readonly receiptsEntry: URL
  /** Folder of everything that is kept; null: a passing one, gone with the host. */
  readonly stateDirectory: string | null
  readonly options: () => StorageOptions & Pick<ThrottleOptions, 'diskQuotaMiB'>
  /** Folder of compiled operations that this host uses. */
  readonly codeInUse: string
  readonly epochWall: number
  readonly cpuQuotaPct: () => number
}

/** Sizes remembered for the projection: one each minute of three days. */
const historyMax = 4320
const historyEvery = 60_000

/** What the host keeps on the disk beside its journal: receipts, their collection, and when that runs. */
export class Storage {
  readonly catalog: string
  readonly receipts: ReceiptsClient
  readonly recorder: TokenRecorder
  readonly code = new CodeIndex()
  running: RunningCollection | null = null
  last: (StorageReport & { readonly cause: string }) | null = null
  readonly history: { at: number; bytes: number }[] = []
  readonly #parts: StorageParts
  /** Watches that no more is kept than the disk quota allows. */
  readonly quota: DiskQuotaWatch
  readonly #collector: Collector
  readonly #collectables: Collectable[]
  readonly #catalogPart: CatalogCollectable
  readonly #passing: string | null
  #schedule: CollectionSchedule | null = null
  #cancel: AbortController | null = null
  #notice: (text: string) => void = () => undefined

  constructor(parts: StorageParts) {
    this.#parts = parts
    this.#passing = parts.stateDirectory === null ? mkdtempSync(join(tmpdir(), 'guardhouse-')) : null
    this.catalog = join(parts.stateDirectory ?? this.#passing ?? '', 'catalog')
    this.receipts = new ReceiptsClient(parts.receiptsEntry, this.catalog, (text) => this.#notice(text))
    this.recorder = new TokenRecorder({
      client: this.receipts,
      policy: () => parts.options().receipts,
      codeOf: (operationType) => this.code.get(operationType),
      epochWall: parts.epochWall,
      cpuQuotaPct: parts.cpuQuotaPct,
      notice: (text) => this.#notice(text),
    })
    this.#catalogPart = new CatalogCollectable(this.receipts)
    this.#collectables = [this.#catalogPart]
    const { stateDirectory, codeInUse } = parts
    if (stateDirectory !== null) {
      const places = { journals: join(stateDirectory, 'journal'), code: dirname(codeInUse), codeInUse }
      // First of all, because nobody misses them.
      this.#collectables.unshift(new DatedCollectable(leftoverFiles(places)))
    }
    const kept = parts.stateDirectory ?? dirname(this.catalog)
    this.quota = new DiskQuotaWatch({
      path: kept,
      quotaMiB: () => parts.options().diskQuotaMiB,
      measure: () => this.receipts.ask('bytesBelow', kept),
      collect: (maxTotalBytes) => this.collect('disk quota', { maxTotalBytes }),
      notice: (text) => this.#notice(text),
    })
    this.#collector = new Collector({
      collectables: this.#collectables,
      options: () => parts.options(),
      nowMs: Date.now,
    })
  }

  /** One more part to be bounded, in the order in which they give way when all is too much. */
  add(collectable: Collectable): void {
    this.#collectables.push(collectable)
  }

  /** The tuple log in the catalog is the bus's own: what bounds it is added by itself. */
  leaveLogs(): void {
    this.#catalogPart.logInUse = true
  }

  /** Ids of tokens that pinned receipts tell of, and of their callers. */
  readonly pinnedTokens: PinnedTokens = async () => new Set(await this.receipts.ask('pinnedTokens', null))

  /** Begins to collect by itself. `notice` hears what a person should know. */
  start(notice: (text: string) => void): void {
    this.#notice = notice
    this.#schedule = new CollectionSchedule({
      options: () => this.#parts.options(),
      now: () => new Date(),
      freeBytes: () => this.receipts.ask('freeBytes', null),
      collect: async (cause) => (await this.collect(cause, {})).bytes,
      notice,
    })
  }

  get policy(): RetentionPolicy {
    return this.#collector.policy
  }

  async inventory(): Promise<Inventory> {
    const inventory = await this.#collector.inventory()
    this.#remember(inventory.kinds.reduce((sum, kind) => sum + kind.bytes, 0))
    return inventory
  }

  /** What a collection would do now. */
  async preview(policy: Partial<RetentionPolicy>): Promise<StorageReport> {
    return this.#withEmptied(await this.#collector.run({ dryRun: true, policy }))
  }

  /** Throws `conflict` while one runs. */
  async collect(cause: string, policy: Partial<RetentionPolicy>): Promise<StorageReport> {
    if (this.running !== null) throw new GuardhouseError('conflict', 'a collection is running already')
    const controller = new AbortController()
    const startedAt = Date.now()
    this.#cancel = controller
    this.running = { cause, startedAt, step: 'beginning', done: 0, total: 0 }
    try {
      const report = await this.#collector.run({
        dryRun: false,
        policy,
        signal: controller.signal,
        progress: (progress) => {
          this.running = { cause, startedAt, ...progress }
        },
      })
      const whole = this.#withEmptied(report)
      this.last = { ...whole, cause }
      return whole
    } finally {
      this.running = null
      this.#cancel = null
    }
  }

  /** False when none runs. */
  cancel(): boolean {
    this.#cancel?.abort(new GuardhouseError('conflict', 'the collection was cancelled'))
    return this.#cancel !== null
  }

  /** Everything is on the disk when this resolves. */
  async close(): Promise<void> {
    this.#schedule?.[Symbol.dispose]()
    this.quota[Symbol.dispose]()
    this.cancel()
    await this.receipts.close()
    if (this.#passing !== null) rmSync(this.#passing, { recursive: true, force: true })
  }

  #withEmptied(report: CollectionReport): StorageReport {
    const { newest } = this.#catalogPart
    return { ...report, emptied: newest?.emptied ?? [], emptiedTotal: newest?.emptiedTotal ?? 0 }
  }

  #remember(bytes: number): void {
    const at = Date.now()
    if (at - (this.history.at(-1)?.at ?? 0) < historyEvery) return
    this.history.push({ at, bytes })
    if (this.history.length > historyMax) this.history.shift()
  }
}
