import { z } from 'zod'
import { operationType, tokenId, tokenState } from './common.ts'
import { procedure } from './procedure.ts'

/** What the workers ran when, for a picture of it. Times are microseconds since the engine's epoch. */

/** Runs that are at least two columns wide, one entry of each list for each run. */
const timelineSpans = z.object({
  start: z.array(z.number()),
  /** Of a run that goes on: the instant of the answer. */
  end: z.array(z.number()),
  /** Index of the operation, as telemetry frames have it. */
  operation: z.array(z.number()),
  /** Sequence of the token. */
  token: z.array(z.number()),
})

/** Shorter runs, added up by column; only columns in which there were any. */
const timelineBins = z.object({
  column: z.array(z.number()),
  /** Share of the column's time that they ran, 0..1. */
  busy: z.array(z.number()),
  tokens: z.array(z.number()),
  /** The operation of the longest of them. */
  operation: z.array(z.number()),
})

export const timelineLane = z.object({
  core: z.number(),
  slot: z.number(),
  spans: timelineSpans,
  bins: timelineBins,
})
export type TimelineLane = z.infer<typeof timelineLane>

export const timelineView = z.object({
  from: z.number(),
  to: z.number(),
  /** Into how many equal columns the span of time is cut. */
  columns: z.number(),
  now: z.number(),
  /** Start of the earliest run that is still kept; null when there is none. Before it the picture is empty because it is forgotten. */
  oldest: z.number().nullable(),
  /** Runs that touch the span of time. */
  tokens: z.number(),
  lanes: z.array(timelineLane),
})
export type TimelineView = z.infer<typeof timelineView>

export const timelineSummary = z.object({
  tokens: z.number(),
  operations: z.array(z.object({ operation: operationType, tokens: z.number(), busy: z.number() })),
  lanes: z.array(z.object({ core: z.number(), slot: z.number(), tokens: z.number(), busy: z.number() })),
})
export type TimelineSummary = z.infer<typeof timelineSummary>

export const timelineRun = z.object({
  id: tokenId,
  operation: operationType,
  state: tokenState,
  core: z.number(),
  slot: z.number(),
  createdAt: z.number(),
  startedAt: z.number(),
  /** Null while it runs. */
  endedAt: z.number().nullable(),
  attempt: z.number(),
})
export type TimelineRun = z.infer<typeof timelineRun>

const spanOfTime = { from: z.number(), to: z.number() }

export const timelineProcedures = {
  'timeline.read': procedure(
    'read',
    'What every worker ran in a span of time, at the resolution of a picture of so many columns.',
    z.strictObject({
      /** Right edge; null for now. */
      to: z.number().nullable().default(null),
      /** Microseconds from the left edge to the right one. */
      span: z.number().min(1),
      columns: z.number().int().min(1).max(4096),
    }),
    timelineView,
  ),
  'timeline.summary': procedure(
    'read',
    'How much each operation and each worker ran in a span of time.',
    z.strictObject(spanOfTime),
    timelineSummary,
  ),
  'timeline.runs': procedure(
    'read',
    'Every single run that touches a span of time, earliest first, up to a limit.',
    z.strictObject({ ...spanOfTime, limit: z.number().int().min(1).max(50_000).default(50_000) }),
    z.object({ runs: z.array(timelineRun), matched: z.number() }),
  ),
}
