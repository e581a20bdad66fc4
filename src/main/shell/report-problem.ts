import { toErrorData } from '../../shared/errors.ts'

/** Writes what went wrong to standard error, for whoever started the application from a terminal. Never throws. */
export function reportProblem(what: string, thrown: unknown): void {
  const { message, stack } = toErrorData(thrown)
  process.stderr.write(`guardhouse: ${what}: ${stack ?? message}\n`)
}
