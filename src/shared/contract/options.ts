import { z } from 'zod'
import { refusingProto } from './common.ts'
import { procedure } from './procedure.ts'

const optionValue = z.union([z.number(), z.string(), z.boolean()])

export const optionInfo = z.object({
  name: z.string(),
  /** The heading it belongs under. */
  group: z.string(),
  summary: z.string(),
  kind: z.enum(['number', 'choice', 'switch']),
  /** Such as ms, tokens, MiB; empty unless it is a number. */
  unit: z.string(),
  value: optionValue,
  /** What it will be from the next start on; null when that is what it is now. */
  pending: optionValue.nullable(),
  default: optionValue,
  /** What is allowed, in words: `a whole number from 1 to 8`, `wait, spill or reject`. */
  allowed: z.string(),
  /** Of a number. */
  range: z.object({ minimum: z.number(), maximum: z.number(), whole: z.boolean() }).nullable(),
  /** Of a choice. */
  choices: z.array(z.string()),
  /** True when a change takes effect while the host runs; else at its next start. */
  live: z.boolean(),
})
export type OptionInfo = z.infer<typeof optionInfo>

export const optionProcedures = {
  'options.set': procedure(
    'undoable',
    'Change options, all of them or none; null takes the default. Live ones hold at once, the others from the next start on.',
    z.strictObject({
      changes: refusingProto(z.record(z.string().min(1).max(100), optionValue.nullable())),
      reason: z.string().max(1000).default(''),
    }),
    z.object({
      /** What is different now. Give `from` back to undo. */
      changed: z.array(z.object({ name: z.string(), from: optionValue, to: optionValue, applied: z.boolean() })),
      options: z.array(optionInfo),
      auditId: z.number(),
    }),
  ),
}
