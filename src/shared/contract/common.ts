import { z } from 'zod'
import { type ErrorData, errorKinds } from '../errors.ts'
import { tokenStates, weights } from '../model/token.ts'

/** Schemas that several procedures share. Times are microseconds since the engine's epoch unless a name says otherwise. */

export const nothing = z.strictObject({})
export const tokenState = z.enum(tokenStates)
export const weight = z.enum(weights)
export const tokenId = z.string().min(1).max(512)
export const operationType = z.string().min(1).max(256)
/** Why a person did something; kept in the audit log. */
export const reason = z.string().max(1000)

/** Zod leaves a field named `__proto__` out of a record and says nothing: here it is refused. */
export function refusingProto<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value: z.input<Schema>, context) => {
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__')) {
      context.addIssue({ code: 'custom', message: 'a field cannot be named __proto__: give it another name' })
    }
    return value
  }, schema)
}

/** An object of whatever fields its caller likes. */
export const freeFields = refusingProto(z.record(z.string(), z.unknown()))

export const errorData: z.ZodType<ErrorData> = z.lazy(() =>
  z.object({
    kind: z.enum(errorKinds),
    message: z.string(),
    hint: z.string().optional(),
    name: z.string().optional(),
    stack: z.string().optional(),
    cause: errorData.optional(),
    retryable: z.boolean().optional(),
  }),
)

/** A value as text for people. `text` is cut at a limit; `bytes` is the size of the whole. */
export const preview = z.object({ text: z.string(), bytes: z.number(), truncated: z.boolean() })
export type Preview = z.infer<typeof preview>

/** p50, p95 and p99 in microseconds over `samples` samples; all null when there are none. */
export const quantiles = z.object({
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  samples: z.number(),
})
export type Quantiles = z.infer<typeof quantiles>

export const stateCounts = z.record(tokenState, z.number())
export type StateCounts = z.infer<typeof stateCounts>
