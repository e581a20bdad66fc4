import { type ExitCode, exitCodes } from './exit-code.ts'
import { printError } from './print-error.ts'
import { drainMs, type ServedHost } from './served-host.ts'
import type { StopSignals } from './stop-signals.ts'
import type { Terminal } from './terminal.ts'

/** Serves until a signal, until `done` settles, or until the control thread dies; then stops in good order. */
export async function serveUntilStopped(
  host: ServedHost,
  signals: StopSignals,
  terminal: Terminal,
  done: Promise<string> = Promise.race([]),
): Promise<ExitCode> {
  const end = await Promise.race([
    signals.asked.then(() => 'asked' as const),
    done.then((why) => ({ why })),
    host.died.then((cause) => ({ cause })),
  ])
  if (typeof end === 'object' && 'cause' in end) {
    printError(end.cause, terminal, false)
    await host.stop('abort')
    return exitCodes.failed
  }
  const why = end === 'asked' ? 'Stopping' : `${end.why}, stopping`
  terminal.note(`${why}: running tokens may finish, for ${drainMs / 1000} s at most. Ctrl-C ends them at once.`)
  await host.stop('drain')
  return exitCodes.ok
}
