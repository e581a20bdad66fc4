import type { CollectionReportInfo, KeptKindInfo, StorageStatus } from '../../src/shared/contract/storage.ts'
import { GuardhouseError } from '../../src/shared/errors.ts'
import { ageClass, noAges } from '../../src/shared/model/storage.ts'
import type { Answers } from './made-up-host.ts'
import type { ReceiptAnswers } from './receipt-answers.ts'

const dayMs = 86_400_000
const mib = 1_048_576

type Names = Extract<keyof Answers, `storage.${string}` | `throttle.${string}`>

/** A disk that holds what the made-up receipts would. */
export class StorageAnswers {
  readonly #receipts: ReceiptAnswers
  readonly #failing: boolean
  #last: StorageStatus['last'] = null

  /** `failing`: the disk fills up, and not everything can be looked at. */
  constructor(receipts: ReceiptAnswers, failing: boolean) {
    this.#receipts = receipts
    this.#failing = failing
  }

  readonly answers: Pick<Answers, Names> = {
    'storage.status': () => this.#status(),
    'storage.progress': () => ({ running: null }),
    'throttle.status': () => ({ cpu: { quotaPct: 100, scope: 'lanes', resting: [] }, disk: null }),
    'storage.preview': ({ hotDays = 30 }) => this.#report(hotDays, true),
    'storage.collect': ({ hotDays = 30 }) => {
      const report = this.#report(hotDays, false)
      this.#last = { ...report, cause: 'window' }
      return { ...report, auditId: 1 }
    },
    'storage.cancel': () => {
      throw new GuardhouseError('conflict', 'no collection is running')
    },
  }

  #status(): StorageStatus {
    const now = Date.now()
    const kinds = [
      this.#kind('receipts', 1),
      this.#kind('artifacts', 90),
      this.#kind('tuple log', 12),
      this.#kind('journal', 30),
    ]
    const bytes = kinds.reduce((sum, kind) => sum + kind.bytes, 0)
    const growing = this.#receipts.rows.length > 0
    return {
      catalog: '/home/someone/.local/state/guardhouse/catalog',
      problems: this.#failing ? ['tuple log cannot be looked at: EACCES: permission denied'] : [],
      kinds,
      bytes,
      freeBytes: (this.#failing ? 1400 : 48_000) * mib,
      policy: { hotDays: 30, warmDays: 365, maxTotalBytes: 5000 * mib },
      floorBytes: 1000 * mib,
      nightly: true,
      hour: 3,
      running: null,
      last: this.#last,
      history: growing
        ? Array.from({ length: 24 }, (_, n) => ({ at: now - (24 - n) * 3_600_000, bytes: bytes * (0.8 + n / 120) }))
        : [],
      projection: growing
        ? { bytesPerDay: bytes / 5, capAt: now + 40 * dayMs, floorAt: now + 400 * dayMs }
        : { bytesPerDay: null, capAt: null, floorAt: null },
      now,
    }
  }

  #kind(kind: string, factor: number): KeptKindInfo {
    const ages = noAges()
    const now = Date.now()
    for (const { endedAt, bytes } of this.#receipts.rows) {
      const age = ages[ageClass((now - endedAt / 1000) / dayMs)]
      if (age === undefined) continue
      age.items += 1
      age.bytes += bytes * factor
    }
    return {
      kind,
      ages,
      items: ages.reduce((sum, age) => sum + age.items, 0),
      bytes: ages.reduce((sum, age) => sum + age.bytes, 0),
    }
  }

  #report(hotDays: number, dryRun: boolean): CollectionReportInfo {
    const cutoff = (Date.now() - hotDays * dayMs) * 1000
    const due = this.#receipts.rows
      .filter((row) => row.endedAt < cutoff && row.purgedAt === null && row.bodies > 0 && !row.pinned)
      .map(({ id, yool, endedAt, bodies, bytes }) => ({
        id,
        yool,
        endedAt,
        phase: 'age' as const,
        files: bodies,
        bytes: bytes * 90,
      }))
    const bytes = due.reduce((sum, each) => sum + each.bytes, 0)
    const items = due.reduce((sum, each) => sum + each.files, 0)
    const notes = due.length === 0 ? [] : ['2 old receipts keep their bodies, because they are pinned.']
    return {
      parts: [{ kind: 'catalog', items, bytes, notes }],
      items,
      bytes,
      bytesBefore: this.#status().bytes,
      dryRun,
      cancelled: false,
      startedAt: Date.now(),
      tookMs: 84,
      emptied: due.slice(0, 500),
      emptiedTotal: due.length,
    }
  }
}
