import { z } from 'zod'
import type { OperationTags } from '../model/operation.ts'
import { digestPolicies, hashPolicies, type RetryTag, storageSpeeds } from '../model/tags.ts'
import { weights } from '../model/token.ts'
import { tokenId } from './common.ts'

/** What tags bind tokens to: in the detail of one token, and in the statistics of all. */

const optionalNumber = z.number().optional()
const retryTag: z.ZodType<RetryTag> = z.strictObject({
  times: optionalNumber,
  delay: optionalNumber,
  factor: optionalNumber,
  longestDelay: optionalNumber,
  jitter: optionalNumber,
  shortestRun: optionalNumber,
  longestRun: optionalNumber,
})

// Named by the type, so that a tag that is added there and forgotten here is an error of types and not lost on its way.
const tagShape: { readonly [Name in keyof Required<OperationTags>]: z.ZodType<OperationTags[Name]> } = {
  weight: z.enum(weights).optional(),
  timeout: optionalNumber,
  queueTimeout: optionalNumber,
  storageSpeed: z.enum(storageSpeeds).optional(),
  processPool: z.boolean().optional(),
  stickyAnchor: z.string().optional(),
  hashPolicy: z.enum(hashPolicies).optional(),
  externalCalls: z.array(z.string()).optional(),
  digestPolicy: z.enum(digestPolicies).optional(),
  retry: retryTag.optional(),
  idempotent: z.boolean().optional(),
  receipt: z.boolean().optional(),
  cache: z.boolean().optional(),
}

/** Tags as an operation has them after they were checked at its declaration. */
export const operationTags: z.ZodType<OperationTags> = z.strictObject(tagShape)

/** The serial lane of a token's sticky key. */
export const tokenAnchor = z.object({
  key: z.string(),
  /** Null until the first token of the key was placed. */
  core: z.number().nullable(),
  /** Whose turn it is; null when it is nobody's. */
  holder: tokenId.nullable(),
  /** Tokens with the key that are not over. */
  tokens: z.number(),
})

/** A conductor domain, as one of its members sees it. */
export const tokenDomain = z.object({
  /** First characters of the seed. */
  seed: z.string(),
  lead: tokenId,
  core: z.number().nullable(),
  /** Members that are not over; 0 once it is closed. */
  pending: z.number(),
  /** Members so far, the lead included. */
  members: z.number(),
})

export const tokenBindings = z.object({
  anchor: tokenAnchor.nullable(),
  /** The domain it belongs to. */
  domain: tokenDomain.nullable(),
  /** The domain it leads. */
  leads: tokenDomain.nullable(),
  storage: z.object({ tier: z.enum(storageSpeeds), permit: z.enum(['none', 'own', 'borrowed']) }).nullable(),
})
export type TokenBindings = z.infer<typeof tokenBindings>

/** One storage tier; the names and seconds of the original, and how many wait. */
export const storageTierStats = z.object({
  speed_tier: z.enum(storageSpeeds),
  max_concurrent: z.number(),
  current_active: z.number(),
  total_operations: z.number(),
  total_wait_time: z.number(),
  average_wait: z.number(),
  waiting: z.number(),
})

export const tagStats = z.object({
  storage: z.array(storageTierStats),
  sticky: z.object({
    /** Keys that tokens have now. */
    pins: z.number(),
    /** Tokens that wait for the turn of their key. */
    waiting: z.number(),
    /** Core of each key; the first thousand. */
    snapshot: z.record(z.string(), z.number()),
  }),
  conductor: z.object({
    domains: z.number(),
    opened: z.number(),
    snapshot: z.record(z.string(), z.object({ core: z.number(), pending: z.number() })),
  }),
  retries: z.object({
    total_retries_created: z.number(),
    total_retries_succeeded: z.number(),
    total_retries_exhausted: z.number(),
    /** Tokens that wait for the instant of their retry. */
    waiting: z.number(),
  }),
})
export type TagStats = z.infer<typeof tagStats>
