import { setTimeout as sleep } from 'node:timers/promises'
import { context, taskTokenGuard } from 'guardhouse'

// Something for every control to act on.

/** Fails with an error that has a cause. */
export const failing = taskTokenGuard({ operationType: 'demo.failing', tags: { weight: 'light' } })(
  (message = 'this operation always fails'): never => {
    throw new RangeError(message, { cause: new TypeError('nobody expected it to work') })
  },
)

/** Takes its time, tells its progress and stops when it is told to. */
export const slow = taskTokenGuard({ operationType: 'demo.slow' })(async (seconds = 5) => {
  const running = context()
  const steps = Math.max(1, Math.round(seconds * 10))
  for (let step = 1; step <= steps; step++) {
    await sleep((seconds * 1_000) / steps, undefined, { signal: running.signal })
    running.progress(step / steps, `step ${step} of ${steps}`)
  }
  return `waited ${seconds} s`
})

/** Computes for ever and never looks up: only ending its thread stops it. */
export const neverEnding = taskTokenGuard({ operationType: 'demo.neverEnding' })((): never => {
  for (let turns = 0; ; turns = (turns + 1) % 1_000_000) Math.sqrt(turns)
})

/** Hears that it should stop, says so, and goes on until its time is over. */
export const stubborn = taskTokenGuard({ operationType: 'demo.stubborn' })(async (seconds = 10) => {
  const { signal, log } = context()
  signal.addEventListener('abort', () => log.warn('I was told to stop, and I go on'))
  await sleep(seconds * 1_000)
  return signal.aborted ? 'went on after all' : 'nobody disturbed me'
})

/** Ends the whole thread it runs in, as a module with a stray process.exit would. */
export const killThread = taskTokenGuard({ operationType: 'demo.killThread' })((code = 1): never => process.exit(code))

/** Writes log lines on every level. */
export const logging = taskTokenGuard({ operationType: 'demo.logging', tags: { weight: 'light' } })((lines = 12) => {
  const { log, token } = context()
  const levels = ['debug', 'info', 'warn', 'error'] as const
  for (let line = 0; line < lines; line++) log[levels[line % levels.length] ?? 'info'](`line ${line + 1} of`, { token })
  return lines
})
