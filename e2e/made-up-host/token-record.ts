import { isTerminal, type TokenState } from '../../src/shared/model/token.ts'
import type { MadeUpOperation } from './made-up-operation.ts'

/** One invented token. Times are microseconds since the made-up epoch. */
export interface TokenRecord {
  readonly sequence: number
  readonly id: string
  readonly operation: MadeUpOperation
  readonly seed: number
  readonly parent: string | null
  readonly created: number
  readonly timeout: number | null
  readonly queueTimeout: number | null
  /** What a client submitted; null when the arguments are invented from the seed. */
  readonly submittedArguments: readonly unknown[] | null
  state: TokenState
  core: number | null
  slot: number | null
  admitted: number | null
  started: number | null
  ended: number | null
  /** When the run will end. */
  due: number
  readonly attempt: number
  held: boolean
  killReason: string
  actions: { at: number; actor: string; action: string; reason: string }[]
}

export function waitedOf(token: TokenRecord, now: number): number {
  return (token.started ?? token.ended ?? now) - token.created
}

export function ranOf(token: TokenRecord, now: number): number | null {
  return token.started === null ? null : (token.ended ?? now) - token.started
}

export function isLive(token: TokenRecord): boolean {
  return !isTerminal(token.state)
}
