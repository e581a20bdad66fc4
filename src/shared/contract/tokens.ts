import { z } from 'zod'
import { errorData, operationType, preview, tokenId, tokenState, weight } from './common.ts'
import { procedure } from './procedure.ts'
import { tokenBindings } from './tags.ts'

/** One row of the token table. */
export const tokenRow = z.object({
  id: tokenId,
  /** Running number of the token in this host, from 1. */
  sequence: z.number(),
  operation: operationType,
  state: tokenState,
  weight,
  core: z.number().nullable(),
  /** Slot of the worker on its core, from 0. */
  slot: z.number().nullable(),
  createdAt: z.number(),
  /** Creation to start of the run (or to now, or to the end when it never ran). Includes the mailbox. */
  waited: z.number(),
  /** Start of the run to its end or to now; null when it has not started. */
  ran: z.number().nullable(),
  attempt: z.number(),
  /** True while the token itself is paused by a person. */
  held: z.boolean(),
  parent: tokenId.nullable(),
})
export type TokenRow = z.infer<typeof tokenRow>

export const tokenFilter = z.strictObject({
  states: z.array(tokenState).max(8).optional(),
  operations: z.array(operationType).max(1000).optional(),
  cores: z.array(z.number().int()).max(1024).optional(),
  parent: tokenId.optional(),
  /** Accepted at or after, and before; milliseconds since 1970 UTC. */
  acceptedFrom: z.number().optional(),
  acceptedUntil: z.number().optional(),
  /** Found in operation, arguments or error message, or as the end of an id; without regard to case. */
  text: z.string().max(500).optional(),
})
export type TokenFilter = z.infer<typeof tokenFilter>

export const tokenSortKeys = ['sequence', 'operation', 'state', 'core', 'waited', 'ran'] as const
export const tokenSort = z.strictObject({ by: z.enum(tokenSortKeys), direction: z.enum(['ascending', 'descending']) })
export type TokenSort = z.infer<typeof tokenSort>

export const tokenPage = z.object({
  rows: z.array(tokenRow),
  /** Tokens that match the filter. */
  matched: z.number(),
  /** Tokens that the host still keeps, in memory or in its journal: all live ones and the newest finished ones. */
  kept: z.number(),
  /** Finished tokens no longer kept. */
  evicted: z.number(),
  /** Tokens that a search for text has not looked at, because they ended so lately that they are not indexed yet. */
  unsearched: z.number().optional(),
  /** Finished tokens that no search for text looks at any more: the texts of newer ones fill the memory set aside for them. */
  unsearchable: z.number().optional(),
  /** Changes whenever any token changes; ask again when it does. */
  version: z.number(),
  /** The engine's clock at the answer. */
  now: z.number(),
})
export type TokenPage = z.infer<typeof tokenPage>

export const routeExplanation = z.object({
  strategy: z.string(),
  weight,
  core: z.number(),
  slot: z.number(),
  position: z.number().nullable(),
  eligibleCores: z.array(z.number()).readonly(),
  stolen: z.boolean(),
  sentence: z.string(),
})

/** Instants at which the token entered each state; absent when it did not. */
export const tokenTimes = z.object({
  created: z.number(),
  waiting: z.number().optional(),
  admitted: z.number().optional(),
  started: z.number().optional(),
  ended: z.number().optional(),
})
export type TokenTimes = z.infer<typeof tokenTimes>

export const tokenAttempt = z.object({
  attempt: z.number(),
  state: tokenState,
  core: z.number().nullable(),
  slot: z.number().nullable(),
  times: tokenTimes,
  error: errorData.nullable(),
})

export const tokenLogLine = z.object({
  at: z.number(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: z.string(),
})
export type TokenLogLine = z.infer<typeof tokenLogLine>

/** What somebody did to the token. */
export const tokenAction = z.object({ at: z.number(), actor: z.string(), action: z.string(), reason: z.string() })

export const tokenDetail = tokenRow.extend({
  times: tokenTimes,
  tags: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  arguments: preview,
  result: preview.nullable(),
  error: errorData.nullable(),
  /** 0..1, and what the operation said of it. */
  progress: z.object({ fraction: z.number(), text: z.string() }).nullable(),
  log: z.array(tokenLogLine),
  /** Lines the token wrote beyond those kept. */
  logDropped: z.number(),
  route: routeExplanation.nullable(),
  /** One sentence from the live state; null when the token does not wait. */
  waitingBecause: z.string().nullable(),
  /** Killed or timed out, yet its code still occupies the worker. */
  stopping: z.boolean(),
  deadlines: z.object({ queueTimeout: z.number().nullable(), timeout: z.number().nullable() }),
  attempts: z.array(tokenAttempt),
  actions: z.array(tokenAction),
  children: z.object({ total: z.number(), first: z.array(tokenId) }),
  /** Its parent, that one's parent and so on, the nearest first. */
  ancestors: z.array(tokenId),
  /** What tags bind it to, its own or those of tokens above it. */
  bindings: tokenBindings,
  now: z.number(),
})
export type TokenDetail = z.infer<typeof tokenDetail>

/** How a token ended. `value` is in the encoding of contract/values.ts. */
export const tokenOutcome = z.object({
  id: tokenId,
  state: tokenState,
  value: z.unknown().optional(),
  error: errorData.optional(),
})
export type TokenOutcome = z.infer<typeof tokenOutcome>

export const submission = z.strictObject({
  operation: operationType,
  /** Arguments in the encoding of contract/values.ts. */
  arguments: z.array(z.unknown()).max(64).default([]),
  timeout: z.number().positive().max(86_400_000).optional(),
  queueTimeout: z.number().positive().max(86_400_000).optional(),
})
export type Submission = z.infer<typeof submission>

export const tokenProcedures = {
  'tokens.submit': procedure('undoable', 'Submit one token.', submission, z.object({ id: tokenId })),
  'tokens.submitMany': procedure(
    'undoable',
    'Submit the same call many times.',
    submission.extend({ count: z.number().int().min(1).max(1_000_000) }),
    z.object({ count: z.number(), first: tokenId, last: tokenId }),
  ),
  'tokens.outcome': procedure(
    'read',
    'Answers when the token has ended; giving up never touches the token.',
    z.strictObject({ id: tokenId, waitMs: z.number().min(0).max(86_400_000).optional() }),
    tokenOutcome,
  ),
  'tokens.query': procedure(
    'read',
    'One page of the token table.',
    z.strictObject({
      filter: tokenFilter.default({}),
      sort: tokenSort.default({ by: 'sequence', direction: 'descending' }),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    tokenPage,
  ),
  'tokens.get': procedure('read', 'Everything known of one token.', z.strictObject({ id: tokenId }), tokenDetail),
}
