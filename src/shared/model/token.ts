/** The life of a token as one table, used by the engine, the inspector and the tests. */

export const tokenStates = [
  'CREATED',
  'WAITING',
  'ADMITTED',
  'EXECUTING',
  'COMPLETED',
  'FAILED',
  'KILLED',
  'TIMEOUT',
] as const

export type TokenState = (typeof tokenStates)[number]

/**
 * Legal next states. WAITING: accepted, not yet in a worker's mailbox. ADMITTED: in a mailbox. EXECUTING: its operation runs.
 * WAITING and ADMITTED may FAIL when the token cannot be placed or its arguments cannot cross to the worker: such a token
 * must settle, not hang. WAITING may also COMPLETE: its result is known from a receipt. FAILED may go back to WAITING (same id, next attempt) or be killed for good.
 */
export const legalTransitions: Readonly<Record<TokenState, readonly TokenState[]>> = {
  CREATED: ['WAITING', 'KILLED'],
  WAITING: ['ADMITTED', 'COMPLETED', 'FAILED', 'KILLED', 'TIMEOUT'],
  ADMITTED: ['EXECUTING', 'FAILED', 'KILLED', 'TIMEOUT'],
  EXECUTING: ['COMPLETED', 'FAILED', 'KILLED', 'TIMEOUT'],
  COMPLETED: [],
  FAILED: ['WAITING', 'KILLED'],
  KILLED: [],
  TIMEOUT: [],
}

export const terminalStates: readonly TokenState[] = ['COMPLETED', 'FAILED', 'KILLED', 'TIMEOUT']

export function isTerminal(state: TokenState): boolean {
  return terminalStates.includes(state)
}

export const weights = ['heavy', 'medium', 'light'] as const
export type Weight = (typeof weights)[number]

/** Why a token was sent to the worker it was sent to. `sentence` is for people; the rest is for programs. */
export interface RouteExplanation {
  readonly strategy: string
  readonly weight: Weight
  readonly core: number
  readonly slot: number
  /** Staggered position, see engine/scheduler/positions.ts. Null when the route was not positional. */
  readonly position: number | null
  readonly eligibleCores: readonly number[]
  /** True when an idle core outside the eligible range took the token. */
  readonly stolen: boolean
  readonly sentence: string
}
