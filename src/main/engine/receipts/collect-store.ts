import type { KeptKind, StorageProgress } from '../../../shared/model/storage.ts'
import { ageClass, noAges } from '../../../shared/model/storage.ts'
import type { CatalogReceipt } from '../collection/catalog-receipt.ts'
import { type CatalogFile, FolderCache, type ScanHints, scanCatalog } from '../collection/catalog-scan.ts'
import { collectCatalog } from '../collection/collect-catalog.ts'
import type { Emptied } from '../collection/collection-plan.ts'
import type { IndexRow } from './receipt-index.ts'
import type { ReceiptStore } from './receipt-store.ts'
import type { CollectAnswer, CollectRequest, EmptiedReceipt } from './store-messages.ts'

/** Emptied receipts that an answer lists one by one. */
const listedMax = 500
const dayMs = 86_400_000

export interface CollectStoreSettings extends CollectRequest {
  readonly signal: AbortSignal
  progress(progress: StorageProgress): void
}

/** Collects the catalog of an open store: its index spares reading the receipts again, and its pins are respected. */
export async function collectStore(store: ReceiptStore, settings: CollectStoreSettings): Promise<CollectAnswer> {
  const { plan, stats } = await store.whileCollecting((isNeeded) =>
    collectCatalog({
      ...settings,
      catalog: store.catalog,
      hints: knownReceipts(store),
      isPinned: (name) => store.pins.has(idOf(name)),
      isNeeded,
    }),
  )
  const emptied = [
    ...plan.byAge.map((each) => describe(store, each, 'age')),
    ...plan.byCap.map((each) => describe(store, each, 'size')),
  ]
  return { stats, emptied: emptied.slice(0, listedMax), emptiedTotal: emptied.length }
}

/** What lies in the catalog, by kind and age; without its tuple log where somebody else answers for that. */
export async function inventoryOf(
  store: ReceiptStore,
  nowMs: number,
  withoutLogs: boolean,
): Promise<readonly KeptKind[]> {
  const scan = await scanCatalog(store.catalog, new AbortController().signal, knownReceipts(store))
  const receipts = tally('receipts', scan.receipts, (each) => [each.bytes, each.endedAt / 1000], nowMs)
  const files = (kind: string, list: Iterable<CatalogFile>) =>
    tally(kind, list, (each) => [each.bytes, each.modifiedMs], nowMs)
  const logs = scan.log === null ? scan.rotatedLogs : [...scan.rotatedLogs, scan.log]
  const kinds = [receipts, files('artifacts', scan.bodies.values()), files('tuple log', logs)]
  const other = scan.totalBytes - kinds.reduce((sum, kind) => sum + kind.bytes, 0)
  const shown = kinds.filter(({ kind }) => !(withoutLogs && kind === 'tuple log'))
  return [...shown, tally('receipt index', [other], (bytes) => [bytes, nowMs], nowMs)]
}

function tally<Item>(
  kind: string,
  items: Iterable<Item>,
  read: (item: Item) => readonly [bytes: number, atMs: number],
  nowMs: number,
): KeptKind {
  const ages = noAges()
  let count = 0
  let total = 0
  for (const item of items) {
    const [bytes, atMs] = read(item)
    const age = ages[ageClass((nowMs - atMs) / dayMs)]
    count += 1
    total += bytes
    if (age === undefined) continue
    age.items += 1
    age.bytes += bytes
  }
  return { kind, items: count, bytes: total, ages }
}

interface Known {
  readonly version: string
  readonly receipts: ReadonlyMap<string, CatalogReceipt>
  readonly folders: FolderCache
}

/** Kept from one collection to the next; of no use to anybody once its store is gone. */
const knownByStore = new WeakMap<ReceiptStore, Known>()

function knownReceipts(store: ReceiptStore): ScanHints {
  const version = store.index.version
  let known = knownByStore.get(store)
  if (known?.version !== version) {
    const receipts = new Map<string, CatalogReceipt>()
    for (const row of store.index.all()) receipts.set(`${row.id}.json`, catalogReceipt(row))
    known = { version, receipts, folders: known?.folders ?? new FolderCache() }
    knownByStore.set(store, known)
  }
  const { receipts, folders } = known
  return { known: (name) => receipts.get(name), folders }
}

function catalogReceipt(row: IndexRow): CatalogReceipt {
  return {
    name: `${row.id}.json`,
    endedAt: row.ended,
    marked: row.marked === 1,
    bodies: row.bodies === '[]' ? noBodies : (JSON.parse(row.bodies) as string[]),
    refused: row.refused,
    bytes: row.bytes,
  }
}

const noBodies: readonly string[] = []

function describe(store: ReceiptStore, { receipt, files }: Emptied, phase: 'age' | 'size'): EmptiedReceipt {
  const id = idOf(receipt.name)
  return {
    id,
    yool: store.index.get(id)?.yool ?? '',
    endedAt: receipt.endedAt,
    phase,
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
  }
}

function idOf(name: string): string {
  return name.slice(0, -'.json'.length)
}
