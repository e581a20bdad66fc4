import type { KeptKind } from '../../../shared/model/storage.ts'
import type { Collectable, CollectSettings, Removal } from '../collection/collectable.ts'
import type { ReceiptsClient } from './receipts-client.ts'
import type { CollectAnswer } from './store-messages.ts'

const mebibyte = 1_048_576

/** The catalog, as one part of what is collected: bodies, receipts, tuple log. */
export class CatalogCollectable implements Collectable {
  readonly kind = 'catalog'
  /** The newest answer in full, for whoever shows what was or would be emptied. */
  newest: CollectAnswer | null = null
  /** The tuple log in the catalog has an open writer, which rotates it and needs its parts at the next start. */
  logInUse = false
  readonly #client: ReceiptsClient

  constructor(client: ReceiptsClient) {
    this.#client = client
  }

  inventory(nowMs: number): Promise<readonly KeptKind[]> {
    return this.#client.ask('inventory', { nowMs, keepsLogs: this.logInUse })
  }

  async collect({ policy, maxBytes, nowMs, dryRun, signal, progress }: CollectSettings): Promise<Removal> {
    const { hotDays, warmDays } = policy
    const answer = await this.#client.ask(
      'collect',
      {
        hotDays,
        warmDays,
        maxTotalMb: (maxBytes ?? Number.MAX_SAFE_INTEGER) / mebibyte,
        dryRun,
        nowMs,
        keepsLogs: this.logInUse,
      },
      { signal, progress },
    )
    this.newest = answer
    const { stats } = answer
    return {
      items: stats.phase1_purged_files + stats.phase2_purged_files + stats.removed_logs + stats.removed_orphans,
      bytes:
        (stats.phase1_freed_mb + stats.phase2_freed_mb + stats.removed_logs_mb + stats.removed_orphans_mb) * mebibyte,
      notes: notesOf(answer),
    }
  }
}

function notesOf({ stats }: CollectAnswer): string[] {
  const notes: [number, string][] = [
    [stats.skipped_receipts, 'files in the folder of receipts are no receipts, or do not say when they ended'],
    [stats.refused_paths, 'artifacts lie outside of the catalog and are never touched'],
    [stats.kept_shared, 'old receipts keep their bodies, because younger ones need them'],
    [stats.kept_pinned, 'old receipts keep their bodies, because they are pinned'],
    [stats.failed_files, 'files could not be removed'],
  ]
  return notes.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}.`)
}
