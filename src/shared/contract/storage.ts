import { z } from 'zod'
import { nothing, reason } from './common.ts'
import { procedure } from './procedure.ts'

/** What is kept on the disk. Times are milliseconds since 1970 UTC. */

const keptKind = z.object({
  kind: z.string(),
  items: z.number(),
  bytes: z.number(),
  /** By age: 1, 7, 30, 90, 365 days, older. */
  ages: z.array(z.object({ items: z.number(), bytes: z.number() })).readonly(),
})
export type KeptKindInfo = z.infer<typeof keptKind>

const policy = z.object({ hotDays: z.number(), warmDays: z.number(), maxTotalBytes: z.number() })

const policyInput = {
  /** Instead of the options; left out: as they are. */
  hotDays: z.number().min(0).max(36_500).optional(),
  warmDays: z.number().min(0).max(36_500).optional(),
  maxTotalMiB: z.number().min(0).max(100_000_000).optional(),
}

export const collectionReport = z.object({
  parts: z
    .array(z.object({ kind: z.string(), items: z.number(), bytes: z.number(), notes: z.array(z.string()).readonly() }))
    .readonly(),
  items: z.number(),
  bytes: z.number(),
  bytesBefore: z.number(),
  dryRun: z.boolean(),
  cancelled: z.boolean(),
  startedAt: z.number(),
  tookMs: z.number(),
  /** Receipts that lose bodies: the first ones, and how many in all. `endedAt` in microseconds. */
  emptied: z
    .array(
      z.object({
        id: z.string(),
        yool: z.string(),
        endedAt: z.number(),
        phase: z.enum(['age', 'size']),
        files: z.number(),
        bytes: z.number(),
      }),
    )
    .readonly(),
  emptiedTotal: z.number(),
})
export type CollectionReportInfo = z.infer<typeof collectionReport>

export const storageStatus = z.object({
  catalog: z.string(),
  kinds: z.array(keptKind).readonly(),
  /** Sentences on what could not be looked at. */
  problems: z.array(z.string()).readonly(),
  bytes: z.number(),
  freeBytes: z.number(),
  policy,
  floorBytes: z.number(),
  nightly: z.boolean(),
  hour: z.number(),
  /** What a collection is doing now; null when none runs. */
  running: z
    .object({ cause: z.string(), step: z.string(), done: z.number(), total: z.number(), startedAt: z.number() })
    .nullable(),
  /** The newest collection that was no dry run, since the start. */
  last: collectionReport.extend({ cause: z.string() }).nullable(),
  /** Size over time since the start, oldest first, for a projection. */
  history: z.array(z.object({ at: z.number(), bytes: z.number() })).readonly(),
  /** When the cap, and when the disk's floor, is reached at the growth seen; null when it does not grow. */
  projection: z.object({
    bytesPerDay: z.number().nullable(),
    capAt: z.number().nullable(),
    floorAt: z.number().nullable(),
  }),
  now: z.number(),
})
export type StorageStatus = z.infer<typeof storageStatus>

export const storageProcedures = {
  'storage.status': procedure('read', 'What is kept by kind and age, and how it grows.', nothing, storageStatus),
  'storage.preview': procedure(
    'read',
    'What a collection would remove now, and which receipts it would empty.',
    z.strictObject(policyInput),
    collectionReport,
  ),
  'storage.progress': procedure(
    'read',
    'What a running collection is doing; null when none runs.',
    nothing,
    z.object({ running: storageStatus.shape.running }),
  ),
  'storage.collect': procedure(
    'irreversible',
    'Remove what the policy no longer keeps; answers when it is done.',
    z.strictObject({ ...policyInput, reason: reason.default('') }),
    collectionReport.extend({ auditId: z.number() }),
  ),
  'storage.cancel': procedure(
    'undoable',
    'Stop the running collection; what it has removed stays removed.',
    z.strictObject({ reason: reason.default('') }),
    z.object({ cancelled: z.boolean(), auditId: z.number() }),
  ),
}
