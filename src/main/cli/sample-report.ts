import { z } from 'zod'
import type { TokenOutcome } from '../../shared/contract/tokens.ts'
import { decodeValue } from '../../shared/contract/values.ts'
import { fromErrorData, GuardhouseError } from '../../shared/errors.ts'

/** The operation of the sample workspace that runs all of it and checks every result. */
export const sampleOperation = 'sample.run'

/** What it returns. */
const sampleReport = z.object({
  /** Tokens that failed because that is what they are for. */
  expectedFailures: z.number(),
  /** Tokens that failed although nothing asked them to. */
  failures: z.array(z.object({ name: z.string(), kind: z.string(), message: z.string() })),
  oracles: z.array(
    z.object({
      /** What was checked: `cpu.simple of 300`. */
      name: z.string(),
      held: z.boolean(),
      /** Expected and found, where they differ; else how many tokens agreed. */
      detail: z.string(),
    }),
  ),
})
export type SampleReport = z.infer<typeof sampleReport>

/** Reads how the sample ended. Throws the reason when it did not complete, `internal` when its result is of another shape. */
export function readSampleReport(outcome: TokenOutcome): SampleReport {
  if (outcome.error !== undefined) throw fromErrorData(outcome.error)
  const parsed = sampleReport.safeParse(decodeValue(outcome.value))
  if (parsed.success) return parsed.data
  throw new GuardhouseError('internal', `${sampleOperation} returned no report of its oracles`, { cause: parsed.error })
}
