import { z } from 'zod'
import { operationType } from './common.ts'
import { procedure } from './procedure.ts'

export const heapProposal = z.object({
  kind: z.enum(['raise', 'lower', 'hold', 'learning']),
  /** What the limit should be, MiB; the present one where nothing is to be changed. */
  heapMiB: z.number(),
  reason: z.string(),
})

export const allocationReport = z.object({
  /** Heap of one worker thread that holds now, MiB. */
  limitMiB: z.number(),
  /** Since when this limit is measured against. */
  since: z.number(),
  /** Threads that were ended because they went beyond it. */
  overruns: z.number(),
  /** Largest first. */
  operations: z.array(
    z.object({
      operation: operationType,
      /** Largest heap of a worker that was seen while a token of the operation ran, bytes: what others left there included. */
      peak: z.number(),
      samples: z.number(),
    }),
  ),
  proposal: heapProposal,
})
export type AllocationReport = z.infer<typeof allocationReport>

export const allocationProcedures = {
  'allocation.report': procedure(
    'read',
    'Measured heaps of workers, and the limit that the allocation optimizer proposes from them.',
    z.strictObject({}),
    allocationReport,
  ),
  'allocation.apply': procedure(
    'undoable',
    'Apply the proposal that was seen; refused as a conflict when it is another by now. Undo it with options.set.',
    z.strictObject({ heapMiB: z.number().int(), reason: z.string().max(1000).default('') }),
    z.object({ limitMiB: z.number(), before: z.number(), auditId: z.number() }),
  ),
}
