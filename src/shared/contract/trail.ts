import { z } from 'zod'
import { tokenState } from './common.ts'
import { procedure } from './procedure.ts'

/** From a tuple to the tokens it led to, the runs they belong to and the receipts that prove them, and back from any of these. */

export const trailKinds = ['tuple', 'token', 'receipt', 'run'] as const
export type TrailKind = (typeof trailKinds)[number]

export const trail = z.object({
  tuples: z.array(
    z.object({
      id: z.string(),
      lane: z.string().nullable(),
      yool: z.string().nullable(),
      /** gone: taken for good, or dropped. */
      state: z.enum(['waiting', 'lent', 'gone']),
      /** cause: a token was made of it or took it. put: a token put it. */
      role: z.enum(['cause', 'put']),
    }),
  ),
  tokens: z.array(
    z.object({
      id: z.string(),
      operation: z.string(),
      /** Null for one that is no longer kept. */
      state: tokenState.nullable(),
      /** caused: the tuple led to it. put: it put the tuple. proved: it left the receipt. lead: it leads the run. */
      role: z.enum(['caused', 'put', 'proved', 'lead']),
    }),
  ),
  receipts: z.array(z.object({ id: z.string(), status: z.string(), token: z.string().nullable() })),
  runs: z.array(z.object({ id: z.string(), workflow: z.string(), state: z.string() })),
  /** Who put the tuple that was asked for, in words: a program, a lane. Empty when that is not known, or was a token. */
  putBy: z.string(),
})
export type Trail = z.infer<typeof trail>

export const trailProcedures = {
  'trail.of': procedure(
    'read',
    'What hangs together with a tuple, a token, a receipt or a run: tuples, the tokens they led to, their runs and receipts.',
    z.strictObject({ kind: z.enum(trailKinds), id: z.string().min(1).max(1024) }),
    trail,
  ),
}
