import { lstatSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { StorageProgress } from '../../../shared/model/storage.ts'
import { instantText } from '../receipts/instant.ts'
import { PurgeRecord } from '../receipts/purge-record.ts'
import { type CatalogFile, isMissing, type ScanHints, scanCatalog } from './catalog-scan.ts'
import { type CollectionPlan, type Emptied, planCollection } from './collection-plan.ts'
import { mustRotate, rotateLog } from './log-rotation.ts'
import { Turn } from './turn.ts'

const mebibyte = 1_048_576
/** Receipts whose purge is recorded in one go, with one sync. */
const recordedAtOnce = 256

export interface CatalogSettings {
  readonly catalog: string
  readonly hotDays: number
  readonly warmDays: number
  /** MiB; a fraction is allowed. */
  readonly maxTotalMb: number
  readonly dryRun: boolean
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: number
  /** True while something has the log open: its writer rotates it, and needs the rotated parts at its next start. */
  readonly keepsLogs: boolean
  readonly signal: AbortSignal
  readonly hints?: ScanHints
  readonly isPinned?: (name: string) => boolean
  /** Asked right before a body goes: true for one that a receipt put since the plan names. */
  readonly isNeeded?: (path: string) => boolean
  readonly progress?: (progress: StorageProgress) => void
}

/** The first eight are the original's, name for name; MB are MiB. In a dry run they tell what would be. */
export interface CollectionStats {
  readonly phase1_purged_files: number
  readonly phase1_freed_mb: number
  readonly phase2_purged_files: number
  readonly phase2_freed_mb: number
  readonly rotated: boolean
  readonly size_before_mb: number
  readonly size_after_mb: number
  readonly dry_run: boolean
  /** Files that are no receipts, and receipts that do not say when they ended. */
  readonly skipped_receipts: number
  readonly refused_paths: number
  readonly kept_shared: number
  readonly kept_pinned: number
  readonly removed_orphans: number
  readonly removed_orphans_mb: number
  readonly removed_logs: number
  readonly removed_logs_mb: number
  /** Bodies that could not be removed, such as on a read-only file system. */
  readonly failed_files: number
  readonly cancelled: boolean
}

export interface CatalogCollection {
  readonly stats: CollectionStats
  readonly plan: CollectionPlan
}

export const collectionDefaults = { hotDays: 30, warmDays: 365, maxTotalMb: 5000 } as const

/**
 * Collects one catalog: bodies by age, bodies by cap, logs. Receipts are never changed or removed. Gives way to the rest of
 * the thread every few milliseconds. A cancelled run keeps what it has done and says so; a cancel during the scan rejects.
 */
export async function collectCatalog(settings: CatalogSettings): Promise<CatalogCollection> {
  const { catalog, nowMs, signal, progress, isPinned = () => false } = settings
  progress?.({ step: 'looking at what is kept', done: 0, total: 0 })
  const scan = await scanCatalog(catalog, signal, settings.hints)
  const record = new PurgeRecord(catalog)
  const plan = planCollection(scan, {
    ...settings,
    maxTotalBytes: settings.maxTotalMb * mebibyte,
    now: nowMs * 1000,
    isPurged: (name) => record.has(name),
    isPinned,
  })
  const rotates = !settings.keepsLogs && mustRotate(catalog, scan.log, nowMs)
  if (settings.dryRun) return { plan, stats: statsOf(settings, plan, plannedOutcome(plan), rotates, plan.sizeBefore) }
  const removal = new Removing(settings, record)
  await removal.run(plan)
  let after = plan.sizeBefore - removal.freedBytes + record.grownBytes
  const rotated = rotates && scan.log !== null && !removal.outcome.cancelled
  if (rotated && scan.log !== null) after += (await rotateLog(catalog, scan.log)) - scan.log.bytes
  return { plan, stats: statsOf(settings, plan, removal.outcome, rotated, after) }
}

interface Outcome {
  readonly byAge: Freed
  readonly byCap: Freed
  readonly orphans: Freed
  readonly logs: Freed
  failed: number
  cancelled: boolean
}

interface Freed {
  files: number
  bytes: number
}

class Removing {
  readonly outcome: Outcome = {
    byAge: nothing(),
    byCap: nothing(),
    orphans: nothing(),
    logs: nothing(),
    failed: 0,
    cancelled: false,
  }
  readonly #settings: CatalogSettings
  readonly #record: PurgeRecord
  readonly #turn: Turn

  constructor(settings: CatalogSettings, record: PurgeRecord) {
    this.#settings = settings
    this.#record = record
    this.#turn = new Turn(settings.signal)
  }

  get freedBytes(): number {
    const { byAge, byCap, orphans, logs } = this.outcome
    return byAge.bytes + byCap.bytes + orphans.bytes + logs.bytes
  }

  async run(plan: CollectionPlan): Promise<void> {
    try {
      await this.#empty('bodies by age', plan.byAge, this.outcome.byAge)
      await this.#empty('bodies by size', plan.byCap, this.outcome.byCap)
      await this.#removeAll(plan.orphans, this.outcome.orphans)
      await this.#removeAll(plan.logs, this.outcome.logs)
    } catch (error) {
      if (!this.#settings.signal.aborted) throw error
      this.outcome.cancelled = true
    }
  }

  async #empty(step: string, emptied: readonly Emptied[], freed: Freed): Promise<void> {
    const at = instantText(Math.round(this.#settings.nowMs * 1000))
    for (let done = 0; done < emptied.length; done += recordedAtOnce) {
      this.#settings.progress?.({ step, done, total: emptied.length })
      const batch = emptied.slice(done, done + recordedAtOnce)
      await this.#turn.pause()
      this.#record.add(
        batch
          .filter(({ receipt }) => !this.#record.has(receipt.name))
          .map(({ receipt: { name }, files }) => ({ name, at, files: files.length, bytes: sum(files) })),
      )
      await this.#removeAll(
        batch.flatMap(({ files }) => files),
        freed,
      )
    }
  }

  async #removeAll(files: readonly CatalogFile[], freed: Freed): Promise<void> {
    for (const file of files) {
      if (this.#turn.over) await this.#turn.pause()
      this.#remove(file, freed)
    }
  }

  /** Without a gap between the question whether it is needed and its end: a put of this thread cannot come in between. */
  #remove(file: CatalogFile, freed: Freed): void {
    if (this.#settings.isNeeded?.(file.path)) return
    const path = join(this.#settings.catalog, file.path)
    try {
      // Changed since it was looked at: somebody has just stored it anew, maybe in another process.
      if (lstatSync(path).mtimeMs !== file.modifiedMs) return this.#settings.hints?.folders?.forget(file.path)
      unlinkSync(path)
    } catch (error) {
      // One that is gone was freed by somebody else; one that cannot go must not end the run.
      if (!isMissing(error)) this.outcome.failed += 1
      return
    }
    freed.files += 1
    freed.bytes += file.bytes
  }
}

function plannedOutcome(plan: CollectionPlan): Outcome {
  const freed = (emptied: readonly Emptied[]) => {
    const files = emptied.flatMap((each) => each.files)
    return { files: files.length, bytes: sum(files) }
  }
  return {
    byAge: freed(plan.byAge),
    byCap: freed(plan.byCap),
    orphans: { files: plan.orphans.length, bytes: sum(plan.orphans) },
    logs: { files: plan.logs.length, bytes: sum(plan.logs) },
    failed: 0,
    cancelled: false,
  }
}

function statsOf(
  { dryRun }: CatalogSettings,
  plan: CollectionPlan,
  outcome: Outcome,
  rotated: boolean,
  after: number,
): CollectionStats {
  return {
    phase1_purged_files: outcome.byAge.files,
    phase1_freed_mb: outcome.byAge.bytes / mebibyte,
    phase2_purged_files: outcome.byCap.files,
    phase2_freed_mb: outcome.byCap.bytes / mebibyte,
    rotated,
    size_before_mb: plan.sizeBefore / mebibyte,
    size_after_mb: after / mebibyte,
    dry_run: dryRun,
    skipped_receipts: plan.skipped,
    refused_paths: plan.refused,
    kept_shared: plan.keptShared,
    kept_pinned: plan.keptPinned,
    removed_orphans: outcome.orphans.files,
    removed_orphans_mb: outcome.orphans.bytes / mebibyte,
    removed_logs: outcome.logs.files,
    removed_logs_mb: outcome.logs.bytes / mebibyte,
    failed_files: outcome.failed,
    cancelled: outcome.cancelled,
  }
}

function nothing(): Freed {
  return { files: 0, bytes: 0 }
}

function sum(files: readonly CatalogFile[]): number {
  return files.reduce((total, file) => total + file.bytes, 0)
}
