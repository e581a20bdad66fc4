import { type ErrorData, GuardhouseError, toErrorData } from '../../../../shared/errors.ts'
import type { Tuple, TupleValue } from '../../../../shared/model/bus.ts'
import type { TokenState } from '../../../../shared/model/token.ts'
import type { CallGuards } from '../kernel/call-guards.ts'
import { compressContext } from '../kernel/context-compressor.ts'
import { cacheKey } from '../kernel/receipt-cache.ts'
import { speculate } from '../kernel/speculate.ts'
import type { LaneDefinition } from './lane-definition.ts'

/** How a lane makes tokens. */
export interface LaneScheduler {
  /** False while no open workspace has the operation, or its module does not load. */
  canRun(operation: string): boolean
  /**
   * Accepts a call with a tuple, or with a list of them, and resolves when its token has ended. `accepted` hears its id first.
   * The token is killed when the signal aborts. Throws what keeps it from being accepted.
   */
  run(
    operation: string,
    argument: Tuple | readonly Tuple[],
    accepted: (id: string) => void,
    signal?: AbortSignal,
  ): Promise<TokenEnd>
}

export interface TokenEnd {
  readonly state: TokenState
  readonly value: unknown
  readonly error: ErrorData | null
  /** How long it ran, milliseconds; left out where nothing ran or nobody knows. */
  readonly ranMs?: number
}

/** What became of the tuples of one token. */
export interface LaneRun {
  readonly end: TokenEnd
  /** Token that brought it; empty when there was none. */
  readonly token: string
  /** answered: by what an equal tuple has brought. refused: a wall does not let it through, and never will by itself. */
  readonly how: 'ran' | 'answered' | 'speculated' | 'refused'
}

export interface LaneCall {
  readonly definition: LaneDefinition
  readonly tuples: readonly Tuple[]
  readonly accepted: (id: string) => void
}

const completed: TokenEnd = { state: 'COMPLETED', value: null, error: null }

/** Runs the tuples of one token: past the wall, past earlier answers, with long texts compressed, in one token or two. */
export async function runTuples(call: LaneCall, scheduler: LaneScheduler, guards: CallGuards): Promise<LaneRun> {
  const { definition, tuples } = call
  const refused = refusal(call, guards)
  if (refused !== null) return { end: { state: 'FAILED', value: undefined, error: refused }, token: '', how: 'refused' }
  const [tuple] = tuples
  if (!definition.cache || tuple === undefined) return runCompressed(call, scheduler, guards)
  let run: LaneRun | null = null
  const { value: token } = await guards.answers.answer(keyOf(definition, tuple), async () => {
    run = await runCompressed(call, scheduler, guards)
    return { value: run.token, good: run.end.state === 'COMPLETED' }
  })
  return run ?? { end: completed, token: String(token), how: 'answered' }
}

async function runCompressed(call: LaneCall, scheduler: LaneScheduler, guards: CallGuards): Promise<LaneRun> {
  const { contextChars } = call.definition
  if (contextChars === null) return runTokens(call, scheduler)
  const contexts = call.tuples.map((tuple) => compressContext(tuple, contextChars))
  const originals = new Map(contexts.flatMap((context) => [...context.originals]))
  const letGo = guards.originals.hold(originals)
  try {
    return await runTokens({ ...call, tuples: contexts.map(({ value }) => value) }, scheduler)
  } finally {
    letGo()
  }
}

async function runTokens({ definition, tuples, accepted }: LaneCall, scheduler: LaneScheduler): Promise<LaneRun> {
  const { operation, batch, speculateMs, speculateWith = operation } = definition
  const [tuple] = tuples
  const argument = batch > 1 || tuple === undefined ? tuples : tuple
  const run = async (named: string, signal?: AbortSignal) => {
    let token = ''
    const hear = (id: string) => {
      token = id
      accepted(id)
    }
    return { end: await scheduler.run(named, argument, hear, signal), token }
  }
  if (speculateMs === null || !isIdempotent(tuple)) return { ...(await run(operation)), how: 'ran' }
  const runs = [
    (signal: AbortSignal) => run(operation, signal),
    (signal: AbortSignal) => run(speculateWith, signal),
  ] as const
  const good = ({ end }: { readonly end: TokenEnd }) => end.state === 'COMPLETED'
  const { value, winner } = await speculate(runs, { delayMs: speculateMs, good })
  return { ...value, how: winner === 1 ? 'speculated' : 'ran' }
}

function refusal({ definition, tuples }: LaneCall, { walls }: CallGuards): ErrorData | null {
  for (const { yool, wall } of tuples) {
    const capability = typeof yool === 'string' ? yool : definition.operation
    for (const name of [definition.wall, wall]) {
      if (typeof name !== 'string' || walls.check(name, capability)) continue
      return toErrorData(new GuardhouseError('not-allowed', `the wall ${name} does not let ${capability} through`))
    }
  }
  return null
}

/** Equal for tuples that ask for the same in the same name; without what is new in every tuple, or tells only of its way. */
function keyOf({ operation, contextChars }: LaneDefinition, tuple: Tuple): string {
  const { id, created_at, agent, map, source, parent, receipts, ...asked } = tuple
  // Every agent has an authority of its own, which its tree gave it.
  const { authority, ...ofAgent } = asked
  return cacheKey({ operation, contextChars, asked: typeof agent === 'string' ? ofAgent : asked })
}

function isIdempotent(tuple: Tuple | undefined): boolean {
  const data = tuple?.data as { readonly idempotent?: TupleValue } | null | undefined
  return tuple?.idempotent === true || (typeof data === 'object' && data?.idempotent === true)
}
