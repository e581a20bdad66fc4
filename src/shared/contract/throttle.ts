import { z } from 'zod'
import { nothing } from './common.ts'
import { procedure } from './procedure.ts'

/** The quotas of CPU time and disk: what they hold back now. */

export const throttleStatus = z.object({
  cpu: z.object({
    /** 100: there is none. */
    quotaPct: z.number(),
    scope: z.enum(['priority', 'lanes', 'workers']),
    /** Cores whose workers begin nothing, and for how many milliseconds more. Lanes tell of themselves in `bus.lanes`. */
    resting: z.array(z.object({ core: z.number(), restMs: z.number() })).readonly(),
  }),
  /** Null where there is no quota. */
  disk: z
    .object({
      quotaBytes: z.number(),
      /** What was kept at the last look. */
      bytes: z.number(),
      /** New tuples, agents and tokens are refused until less is kept. */
      refuses: z.boolean(),
      /** When it is looked at next, milliseconds since 1970 UTC. */
      nextLookAt: z.number(),
    })
    .nullable(),
})
export type ThrottleStatus = z.infer<typeof throttleStatus>

export const throttleProcedures = {
  'throttle.status': procedure(
    'read',
    'What the quotas of CPU time and disk hold back now, and until when.',
    nothing,
    throttleStatus,
  ),
}
