import { type ErrorData, toErrorData } from '../../shared/errors.ts'
import { printableText } from './printable-text.ts'
import type { Terminal } from './terminal.ts'

/** Tells on standard error why a command did not work. Never throws. */
export function printError(thrown: unknown, terminal: Terminal, json: boolean): void {
  const error = toErrorData(thrown)
  if (json) {
    const { kind, message, hint } = error
    terminal.note(JSON.stringify({ error: { kind, message, hint } }))
    return
  }
  // What we raise on purpose says all there is to say; a fault of ours must lead to where it is.
  const isFault = error.kind === 'internal'
  terminal.note(`guardhouse: ${describeError(isFault ? error : { ...error, cause: undefined })}`)
  if (isFault && error.stack !== undefined) terminal.note(printableText(error.stack, 'lines'))
}

/** Message, hint and causes, a line each. */
export function describeError(error: ErrorData): string {
  const lines = [named(error)]
  if (error.hint !== undefined) lines.push(`  ${error.hint}`)
  for (let cause = error.cause; cause !== undefined; cause = cause.cause) lines.push(`  because ${named(cause)}`)
  return printableText(lines.join('\n'), 'lines')
}

function named({ name, message }: ErrorData): string {
  return name === undefined || name === 'Error' ? message : `${name}: ${message}`
}
