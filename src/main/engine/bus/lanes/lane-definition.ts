import { z } from 'zod'
import { GuardhouseError } from '../../../../shared/errors.ts'

/** How a lane is worked: each tuple of it becomes a token of one operation, called with the tuple. */
export const laneDefinition = z.strictObject({
  lane: z.string().min(1).max(256),
  operation: z.string().min(1).max(256),
  /** Tokens at once, at first and at most. */
  concurrency: z.number().int().min(1).max(1024).default(4),
  maxConcurrency: z.number().int().min(1).max(1024).default(32),
  /** Whether the number at once follows what the lane bears; false keeps `concurrency`. */
  adaptive: z.boolean().default(true),
  /** Times that a tuple is tried; after that it goes to the lane `dead.<lane>`. */
  attempts: z.number().int().min(1).max(1000).default(5),
  /** Wait before the second attempt, doubled for each further one, milliseconds. */
  backoffMs: z.number().min(0).max(600_000).default(100),
  backoffMaxMs: z.number().min(0).max(3_600_000).default(30_000),
  /** Failures in a row that make the lane rest, and for how long. */
  breakerThreshold: z.number().int().min(1).max(10_000).default(10),
  breakerCooldownMs: z.number().min(1).max(3_600_000).default(10_000),
  /** How long a tuple is lent to this host; renewed while its token lives. */
  leaseMs: z.number().int().min(100).max(3_600_000).default(30_000),
})
export type LaneDefinition = z.output<typeof laneDefinition>

export const laneFileName = 'guardhouse.lanes.json'

const laneFile = z.strictObject({ lanes: z.array(laneDefinition).max(1000) })

/** The lanes that a workspace declares in `guardhouse.lanes.json`. Throws `bad-request` that says where it is wrong. */
export function parseLaneFile(text: string): LaneDefinition[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GuardhouseError('bad-request', `${laneFileName} is not JSON: ${why}`, { cause })
  }
  const parsed = laneFile.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new GuardhouseError('bad-request', `${laneFileName}: ${issue?.path.join('.')}: ${issue?.message}`, {
      hint: 'It holds { "lanes": [ { "lane": "work", "operation": "resize" } ] }; docs/bus.md lists every field.',
    })
  }
  const names = parsed.data.lanes.map(({ lane }) => lane)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new GuardhouseError('bad-request', `${laneFileName} declares the lane ${twice} twice`)
  return parsed.data.lanes
}
