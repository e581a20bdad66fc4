import { z } from 'zod'
import { reason } from './common.ts'
import { procedure } from './procedure.ts'

const byCore = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value)
const patternName = z.enum(['heavy', 'medium', 'light'])

export const coreInputs = z.object({
  /** Percent of what its active workers could have worked. */
  utilization: z.number(),
  /** The same as a number of workers. */
  busyWorkers: z.number(),
  /** Seconds; null when no token began. */
  waitP95: z.number().nullable(),
  depth: z.number(),
  /** Accumulated swing of run times, seconds, and its change per second. Recorded; they decide nothing. */
  asi: z.number(),
  asiTrend: z.number(),
  /** Tokens that ended since the look before. */
  ended: z.number(),
})
export type CoreInputsInfo = z.infer<typeof coreInputs>

export const ruleVerdict = z.object({
  rule: z.string(),
  holds: z.boolean(),
  /** False for a rule of the original that is recorded and does not decide. */
  acts: z.boolean(),
  wants: z.enum(['up', 'down', 'stay']),
  /** The condition with the numbers that were compared. */
  condition: z.string(),
  /** The pattern this rule alone would have led to. */
  would: z.number(),
})

export const convergenceDecision = z.object({
  id: z.number(),
  core: z.number(),
  /** First and newest look of the entry: looks that found and did the same are one entry. */
  at: z.number(),
  until: z.number(),
  times: z.number(),
  from: z.number(),
  /** Read back from the queue. */
  to: z.number(),
  rule: z.string(),
  /** Why a rule that wanted a change did not get it. */
  heldBy: z.enum(['at-bound', 'not-yet', 'cooldown', 'by-hand', 'would-not-fit', 'known-pressure']).nullable(),
  inputs: coreInputs,
  thresholds: z.object({
    queueWaitThreshold: z.number(),
    depthLimit: z.number(),
    utilizationHigh: z.number(),
    utilizationLow: z.number(),
    minimum: z.number(),
    maximum: z.number(),
    hold: z.number(),
    /** Microseconds. */
    cooldown: z.number(),
  }),
  verdicts: z.array(ruleVerdict),
})
export type ConvergenceDecision = z.infer<typeof convergenceDecision>

export const patternChange = z.object({
  at: z.number(),
  core: z.number(),
  from: z.number(),
  to: z.number(),
  /** The rule that decided, or who did it by hand. */
  by: z.string(),
  /** Its decision; 0 when somebody did it by hand. */
  decision: z.number(),
})
export type PatternChangeInfo = z.infer<typeof patternChange>

/** The original's status object, key for key. Patterns by their old names: heavy 2 workers or fewer, medium 3, light 4 or more. */
export const convergenceSummary = z.object({
  core_patterns: byCore(patternName),
  pattern_distribution: z.object({ heavy: z.number(), medium: z.number(), light: z.number() }),
  total_changes: z.number(),
  recent_changes: z.array(
    z.object({ timestamp: z.number(), core_id: z.number(), from_pattern: patternName, to_pattern: patternName }),
  ),
  asi: byCore(z.object({ asi: z.number(), trend: z.number(), direction: z.enum(['rising', 'falling', 'stable']) })),
  weight_gauge: byCore(z.object({ recent_tasks: z.number(), avg_weight: z.number(), heuristic_util: z.number() })),
})

export const convergenceStatus = convergenceSummary.extend({
  enabled: z.boolean(),
  intervalMs: z.number(),
  workersPerCore: z.number(),
  cores: z.array(
    z.object({
      core: z.number(),
      /** What routing uses now, read from the queue. */
      pattern: z.number(),
      /** Microseconds until convergence may change what a person chose; 0 when no person holds it. */
      byHandFor: z.number(),
      /** Microseconds until the next change is allowed. */
      cooldownFor: z.number(),
      decision: convergenceDecision.nullable(),
    }),
  ),
  now: z.number(),
})
export type ConvergenceStatus = z.infer<typeof convergenceStatus>

export const convergenceProcedures = {
  'convergence.status': procedure(
    'read',
    'Patterns as the queue has them, and the newest decision on each core.',
    z.strictObject({}),
    convergenceStatus,
  ),
  'convergence.decisions': procedure(
    'read',
    'Decisions with their inputs, thresholds and what every other rule would have done, newest first.',
    z.strictObject({
      core: z.number().int().min(1).optional(),
      /** Only those that changed a pattern. */
      changesOnly: z.boolean().default(false),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    z.object({ decisions: z.array(convergenceDecision), matched: z.number(), now: z.number() }),
  ),
  'convergence.changes': procedure(
    'read',
    'Every change of a pattern that is kept, by rule or by hand, oldest first.',
    z.strictObject({ since: z.number().default(0) }),
    z.object({ changes: z.array(patternChange), total: z.number(), now: z.number() }),
  ),
  'convergence.release': procedure(
    'undoable',
    'Hand a core that a person holds back to convergence.',
    z.strictObject({ core: z.number().int().min(1), reason: reason.default('') }),
    z.object({ core: z.number(), released: z.boolean(), auditId: z.number() }),
  ),
}
