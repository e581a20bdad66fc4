import type { ErrorKind } from '../../shared/errors.ts'

/** How every command ends. */
export const exitCodes = {
  ok: 0,
  /** It did not work, or what was waited for failed. */
  failed: 1,
  /** The command was given wrongly; nothing was done. */
  badUsage: 2,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export function exitCodeOf(kind: ErrorKind): ExitCode {
  return kind === 'bad-request' ? exitCodes.badUsage : exitCodes.failed
}
