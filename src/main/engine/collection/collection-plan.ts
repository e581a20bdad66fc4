import { ownBody } from '../receipts/body-files.ts'
import type { CatalogReceipt } from './catalog-receipt.ts'
import type { CatalogFile, CatalogScan } from './catalog-scan.ts'

const dayMicroseconds = 86_400_000_000

export interface PlanSettings {
  readonly hotDays: number
  readonly warmDays: number
  readonly maxTotalBytes: number
  /** Microseconds since 1970 UTC. */
  readonly now: number
  /** Rotated logs stay, whatever their age. */
  readonly keepsLogs: boolean
  /** Purged before, by the record beside the receipts. */
  isPurged(name: string): boolean
  /** Held by a person: its bodies stay whatever their age. */
  isPinned(name: string): boolean
}

/** A receipt that loses bodies. */
export interface Emptied {
  readonly receipt: CatalogReceipt
  readonly files: readonly CatalogFile[]
}

export interface CollectionPlan {
  readonly byAge: readonly Emptied[]
  readonly byCap: readonly Emptied[]
  /** Bodies of the store's own that no receipt names any more, older than the hot days. */
  readonly orphans: readonly CatalogFile[]
  /** Rotated logs that are too old, or that the cap takes once no body is left to take. */
  readonly logs: readonly CatalogFile[]
  readonly sizeBefore: number
  /** Size once the plan is carried out, before the log is rotated. */
  readonly sizeAfter: number
  /** Receipt files that are none, and receipts that do not say when they ended: their bodies stay. */
  readonly skipped: number
  /** Paths out of the catalog, left alone. */
  readonly refused: number
  /** Receipts due by age whose bodies stay because a younger one needs them, or a person holds them. */
  readonly keptShared: number
  readonly keptPinned: number
}

/**
 * Decides what a collection removes, without touching anything. Order and limits are those of the original (tuple space,
 * phases 1 and 2); but a body stays as long as any receipt that is not emptied names it, the cap is planned against the
 * projected size, and a receipt that frees nothing does not end the plan.
 */
export function planCollection(scan: CatalogScan, settings: PlanSettings): CollectionPlan {
  const planner = new Planner(scan, settings)
  const byAge = planner.byAge()
  const orphans = planner.orphans()
  const oldLogs = planner.oldLogs()
  const byCap = planner.byCap()
  const logs = [...oldLogs, ...planner.logsForCap(oldLogs)]
  return {
    byAge,
    byCap,
    orphans,
    logs,
    sizeBefore: scan.totalBytes,
    sizeAfter: planner.size,
    skipped: scan.unreadable.length + scan.receipts.filter((receipt) => receipt.endedAt === 0).length,
    refused: scan.receipts.reduce((sum, receipt) => sum + receipt.refused, 0),
    keptShared: planner.keptShared,
    keptPinned: planner.keptPinned,
  }
}

class Planner {
  size: number
  keptShared = 0
  keptPinned = 0
  readonly #scan: CatalogScan
  readonly #settings: PlanSettings
  /** Receipts that are not emptied, by body. */
  readonly #needed = new Map<string, number>()
  /** Receipts that gave a body up which another still needed then. */
  readonly #waiting = new Map<string, CatalogReceipt[]>()
  readonly #released = new Set<CatalogReceipt>()

  constructor(scan: CatalogScan, settings: PlanSettings) {
    this.#scan = scan
    this.#settings = settings
    this.size = scan.totalBytes
    for (const receipt of scan.receipts) {
      if (this.#hasGivenUp(receipt)) continue
      for (const path of receipt.bodies) this.#needed.set(path, (this.#needed.get(path) ?? 0) + 1)
    }
  }

  /** Phase 1: bodies of receipts that ended before the hot days, and what an earlier collection had no time for. */
  byAge(): Emptied[] {
    const cutoff = this.#settings.now - this.#settings.hotDays * dayMicroseconds
    const emptied = new Emptying()
    for (const receipt of this.#scan.receipts) {
      // Purged before, and stopped on the way: what nobody else needs still goes, however young.
      if (!receipt.marked && this.#hasGivenUp(receipt)) this.#finish(receipt, emptied)
      else if (receipt.marked || receipt.endedAt === 0 || receipt.endedAt >= cutoff) continue
      else if (this.#settings.isPinned(receipt.name)) this.keptPinned += 1
      else this.#release(receipt, emptied)
    }
    this.keptShared = [...this.#released].filter((receipt) => !emptied.has(receipt) && this.#holdsAny(receipt)).length
    return emptied.list()
  }

  /** Phase 2: while the whole is too large, the oldest receipt that has bodies. */
  byCap(): Emptied[] {
    const emptied = new Emptying()
    if (this.size <= this.#settings.maxTotalBytes) return []
    const candidates = this.#scan.receipts
      .filter((receipt) => receipt.endedAt !== 0 && receipt.bodies.length > 0 && !this.#hasGivenUp(receipt))
      .filter((receipt) => !this.#released.has(receipt) && !this.#settings.isPinned(receipt.name))
      .sort((left, right) => left.endedAt - right.endedAt)
    for (const receipt of candidates) {
      if (this.size <= this.#settings.maxTotalBytes) break
      this.#release(receipt, emptied)
    }
    return emptied.list()
  }

  /** Bodies stored by content that nobody names: a run was cut off between its body and its receipt. */
  orphans(): CatalogFile[] {
    const cutoffMs = (this.#settings.now - this.#settings.hotDays * dayMicroseconds) / 1000
    const named = new Set(this.#scan.receipts.flatMap((receipt) => receipt.bodies))
    return this.#takeFiles(
      [...this.#scan.bodies.values()].filter(
        ({ path, modifiedMs }) => modifiedMs < cutoffMs && ownBody.test(path) && !named.has(path),
      ),
    )
  }

  /** Rotated logs older than the warm days, by the day in their name. */
  oldLogs(): CatalogFile[] {
    if (this.#settings.keepsLogs) return []
    const cutoff = this.#settings.now - this.#settings.warmDays * dayMicroseconds
    return this.#takeFiles(this.#scan.rotatedLogs.filter((file) => dayOf(file) < cutoff))
  }

  /** When no body is left to take and the whole is still too large: rotated logs, oldest first. */
  logsForCap(taken: readonly CatalogFile[]): CatalogFile[] {
    const logs: CatalogFile[] = []
    if (this.#settings.keepsLogs) return logs
    for (const file of this.#scan.rotatedLogs) {
      if (this.size <= this.#settings.maxTotalBytes) break
      if (!taken.includes(file)) logs.push(...this.#takeFiles([file]))
    }
    return logs
  }

  #takeFiles(files: CatalogFile[]): CatalogFile[] {
    for (const file of files) this.size -= file.bytes
    return files
  }

  /** What a person has pinned meanwhile holds what is left of it. */
  #hasGivenUp({ marked, name }: CatalogReceipt): boolean {
    return marked || (this.#settings.isPurged(name) && !this.#settings.isPinned(name))
  }

  #holdsAny(receipt: CatalogReceipt): boolean {
    return receipt.bodies.some((path) => this.#scan.bodies.has(path))
  }

  #finish(receipt: CatalogReceipt, emptied: Emptying): void {
    for (const path of receipt.bodies) if (!this.#needed.has(path)) this.#free(path, [receipt], emptied)
  }

  #release(receipt: CatalogReceipt, emptied: Emptying): void {
    this.#released.add(receipt)
    for (const path of receipt.bodies) {
      const needed = (this.#needed.get(path) ?? 0) - 1
      this.#needed.set(path, needed)
      const before = this.#waiting.get(path) ?? []
      if (needed <= 0) this.#free(path, [receipt, ...before], emptied)
      else this.#waiting.set(path, [...before, receipt])
    }
  }

  /** The body goes, and with it everyone who named it is emptied. */
  #free(path: string, receipts: readonly CatalogReceipt[], emptied: Emptying): void {
    const file = this.#scan.bodies.get(path)
    if (file === undefined || emptied.removes(path)) return
    this.size -= file.bytes
    for (const [index, receipt] of receipts.entries()) emptied.add(receipt, index === 0 ? file : null)
  }
}

/** Receipts that lose bodies, in the order in which they lose them. */
class Emptying {
  readonly #files = new Map<CatalogReceipt, CatalogFile[]>()
  readonly #paths = new Set<string>()

  add(receipt: CatalogReceipt, file: CatalogFile | null): void {
    const files = this.#files.get(receipt) ?? []
    if (file !== null) {
      files.push(file)
      this.#paths.add(file.path)
    }
    this.#files.set(receipt, files)
  }

  has(receipt: CatalogReceipt): boolean {
    return this.#files.has(receipt)
  }

  removes(path: string): boolean {
    return this.#paths.has(path)
  }

  list(): Emptied[] {
    return [...this.#files].map(([receipt, files]) => ({ receipt, files }))
  }
}

function dayOf({ path }: CatalogFile): number {
  const digits = /\d{8}/.exec(path)?.[0] ?? ''
  return Date.UTC(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)) - 1, Number(digits.slice(6, 8))) * 1000
}
