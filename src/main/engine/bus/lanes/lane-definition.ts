import { z } from 'zod'
import { GuardhouseError } from '../../../../shared/errors.ts'
import { firstSet, laneConcurrencyFrom, maxLaneConcurrencyFrom } from '../../throttle/environment.ts'

const atOnce = z.number().int().min(1).max(1024)

/** What the original's variables say, where they are set. */
function fromEnvironment(name: string, read: (environment: NodeJS.ProcessEnv) => number, otherwise: number): number {
  const isSet = firstSet(process.env, [`YOOL_TUPLE_${name}`, `YOOL_${name}`]) !== null
  return isSet ? Math.min(1024, read(process.env)) : otherwise
}

/** How a lane is worked: each tuple of it becomes a token of one operation, called with the tuple. */
export const laneDefinition = z.strictObject({
  lane: z.string().min(1).max(256),
  operation: z.string().min(1).max(256),
  /** Tokens at once, at first and at most. */
  concurrency: atOnce.default(() => fromEnvironment('LANE_CONCURRENCY', laneConcurrencyFrom, 4)),
  maxConcurrency: atOnce.default(() => fromEnvironment('MAX_LANE_CONCURRENCY', maxLaneConcurrencyFrom, 32)),
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
  /** Small tuples that one token deals with, called with the list of them; 1: called with the tuple. */
  batch: z.number().int().min(1).max(1024).default(1),
  /** How long the first of a batch waits for others, milliseconds. */
  batchWaitMs: z.number().min(0).max(60_000).default(0),
  /** Whether a tuple equal to an earlier one, but for id and time, is answered by what that has brought. */
  cache: z.boolean().default(false),
  /** After so many milliseconds a second token is tried for an idempotent tuple, and the first to complete wins; null: never. */
  speculateMs: z.number().min(0).max(3_600_000).nullable().default(null),
  /** Operation of the second token; the lane's own unless given. */
  speculateWith: z.string().min(1).max(256).optional(),
  /** Longer texts reach the token as a digest and a preview, code points; null: whole. */
  contextChars: z.number().int().min(64).nullable().default(null),
  /** Only what is hooked to this wall is run. */
  wall: z.string().min(1).max(256).optional(),
  /** Lanes and calls of one provider rest together. */
  provider: z.string().min(1).max(256).optional(),
})
export type LaneDefinition = z.output<typeof laneDefinition>

export const laneFileName = 'guardhouse.lanes.json'

const laneFile = z.strictObject({
  lanes: z.array(laneDefinition).max(1000).default([]),
  walls: z.record(z.string().min(1).max(256), z.array(z.string().min(1).max(256)).max(10_000)).default({}),
})

/** What a workspace says of the bus. */
export interface BusDeclaration {
  readonly lanes: readonly LaneDefinition[]
  /** What each wall lets through. */
  readonly walls: Readonly<Record<string, readonly string[]>>
}

/** Settings with their defaults. Throws `bad-request` that says which is wrong, or which do not go together. */
export function readLane(settings: unknown): LaneDefinition {
  const parsed = laneDefinition.safeParse(settings)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new GuardhouseError('bad-request', `${issue?.path.join('.')}: ${issue?.message}`)
  }
  checkTogether(parsed.data)
  return parsed.data
}

/** The lanes and walls that a workspace declares in `guardhouse.lanes.json`. Throws `bad-request` that says where it is wrong. */
export function parseLaneFile(text: string): BusDeclaration {
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
  for (const lane of parsed.data.lanes) checkTogether(lane)
  return parsed.data
}

function checkTogether({ lane, batch, cache, speculateMs, batchWaitMs, leaseMs }: LaneDefinition): void {
  const trouble =
    batch > 1 && (cache || speculateMs !== null)
      ? 'batch goes neither with cache nor with speculateMs, which look at one tuple'
      : batchWaitMs > leaseMs / 2
        ? `batchWaitMs is ${batchWaitMs}, allowed is half of leaseMs, ${leaseMs / 2}`
        : null
  if (trouble !== null) throw new GuardhouseError('bad-request', `lane ${lane}: ${trouble}`)
}
