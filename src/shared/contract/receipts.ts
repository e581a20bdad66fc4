import { z } from 'zod'
import { bodyStates, linkKinds } from '../model/receipt.ts'
import { operationType, reason, refusingProto, tokenId } from './common.ts'
import { procedure } from './procedure.ts'

/** Receipts. Times are microseconds since 1970 UTC, 0 for unknown. */

export const receiptId = z.string().regex(/^[0-9a-f]{64}$/, 'a receipt id is 64 digits 0-9 and a-f')
const bodyHash = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 digits 0-9 and a-f')

const summary = {
  id: z.string(),
  yool: z.string(),
  status: z.string(),
  inputHash: z.string(),
  startedAt: z.number(),
  endedAt: z.number(),
  durationMs: z.number(),
  parentId: z.string().nullable(),
  token: z.string().nullable(),
  bodies: z.number(),
  /** Size of its file, bytes. */
  bytes: z.number(),
  /** ISO 8601; null while its bodies are kept. */
  purgedAt: z.string().nullable(),
  pinned: z.boolean(),
}
export const receiptSummary = z.object(summary)

export const receiptFilter = z.strictObject({
  /** Found in the id, the name of the operation, or the token's id. */
  text: z.string().max(500).optional(),
  status: z.string().max(100).optional(),
  yool: operationType.optional(),
  token: tokenId.optional(),
  inputHash: receiptId.optional(),
  since: z.number().optional(),
  until: z.number().optional(),
  purged: z.boolean().optional(),
  pinned: z.boolean().optional(),
})

export const receiptDetail = z.object({
  ...summary,
  /** Canonical JSON, as in its file. */
  text: z.string(),
  /** What went wrong, in its own words. */
  error: z.string().nullable(),
  artifacts: z
    .array(
      z.object({
        path: z.string(),
        sha256: z.string(),
        sizeBytes: z.number(),
        mime: z.string(),
        state: z.enum(bodyStates),
      }),
    )
    .readonly(),
  children: z.array(z.string()).readonly(),
})

export const receiptGraph = z.object({
  nodes: z.array(z.object({ ...summary, missing: z.boolean() })).readonly(),
  links: z.array(z.object({ from: z.string(), to: z.string(), kind: z.enum(linkKinds) })).readonly(),
  cut: z.boolean(),
})

export const chainReport = z.object({
  valid: z.boolean(),
  receipts: z.number(),
  bodies: z.number(),
  purgedBodies: z.number(),
  problems: z.array(z.object({ id: z.string(), problem: z.string() })).readonly(),
})

const one = z.strictObject({ id: receiptId })

export const receiptProcedures = {
  'receipts.query': procedure(
    'read',
    'One page of the receipts that match, newest first.',
    z.strictObject({
      filter: receiptFilter.default({}),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    z.object({
      rows: z.array(receiptSummary).readonly(),
      matched: z.number(),
      kept: z.number(),
      /** Receipts that could not be kept since the start. */
      lost: z.number(),
    }),
  ),
  'receipts.get': procedure('read', 'One receipt with its bodies and who rests on it.', one, receiptDetail),
  'receipts.ofToken': procedure(
    'read',
    'The receipt that a token has left, or null.',
    z.strictObject({ token: tokenId }),
    z.object({ id: z.string().nullable() }),
  ),
  'receipts.graph': procedure(
    'read',
    'Receipts around one: what it rests on, what it called, what rests on it.',
    one.extend({ limit: z.number().int().min(1).max(500).default(60) }),
    receiptGraph,
  ),
  'receipts.verify': procedure(
    'read',
    'Check a receipt and everything it commits to, to the end: contents, parents, bodies.',
    one,
    chainReport,
  ),
  'receipts.artifact': procedure(
    'read',
    'The content of one artifact, checked against its hash.',
    one.extend({ sha256: bodyHash, maxBytes: z.number().int().min(1).max(16_777_216).default(1_048_576) }),
    z.object({
      path: z.string(),
      mime: z.string(),
      bytes: z.number(),
      /** The first `maxBytes` bytes, base64. */
      content: z.string(),
      truncated: z.boolean(),
    }),
  ),
  'receipts.put': procedure(
    'undoable',
    'Put a receipt by hand, as another program would.',
    z.strictObject({
      yool: operationType,
      /** JSON text of an object; 1 and 1.0 are kept apart. */
      args: z.string().max(1_048_576).default('{}'),
      status: z.string().min(1).max(100).default('ok'),
      startedAt: z.string().max(64),
      endedAt: z.string().max(64),
      error: z.string().max(65_536).nullable().default(null),
      parentId: receiptId.nullable().default(null),
      files: z.array(receiptId).max(10_000).default([]),
      env: refusingProto(z.record(z.string().max(256), z.string().max(65_536))).default({}),
      cpuQuotaPct: z.number().int().min(1).max(100).default(100),
      bodies: z
        .array(z.strictObject({ content: z.base64().max(16_777_216), mime: z.string().max(256) }))
        .max(64)
        .default([]),
      reason: reason.default(''),
    }),
    z.object({ id: z.string(), auditId: z.number() }),
  ),
  'receipts.pin': procedure(
    'undoable',
    'Hold the bodies of receipts whatever their age, or let them go again.',
    z.strictObject({ ids: z.array(receiptId).min(1).max(1000), pinned: z.boolean(), reason: reason.default('') }),
    z.object({ changed: z.number(), auditId: z.number() }),
  ),
}
