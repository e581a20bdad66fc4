import type { LiveOptions } from '../scheduler/live-options.ts'
import type { StopOptions, StopReport } from '../scheduler/scheduler-types.ts'
import type { EngineLog } from './engine-log.ts'

/** Writes what becomes of the scheduler as a whole. */
export class CoordinatorNarrator {
  readonly #log: EngineLog

  constructor(log: EngineLog, options: LiveOptions) {
    this.#log = log
    options.onChange((changed) => {
      for (const { name, from, to, applied } of changed) {
        this.#info(() => `option ${name}: ${from} → ${to}${applied ? '' : ', from the next start on'}`)
      }
    })
  }

  tookOver(tokens: number, lastSequence: number): void {
    this.#info(() => `took over ${tokens} tokens of an earlier run, which had numbered ${lastSequence}`)
  }

  started(cores: number, workers: number, waiting: number): void {
    this.#info(() => `started: ${cores} cores, ${workers} workers, ${waiting} tokens wait already`)
  }

  operations(runnable: number): void {
    this.#info(() => `${runnable} operations can be run`)
  }

  stopping({ mode, deadlineMs }: StopOptions, live: number): void {
    const until = mode === 'drain' && deadlineMs !== undefined ? ` for at most ${deadlineMs} ms` : ''
    this.#info(() => `stopping (${mode}${until}): ${live} tokens have not ended`)
  }

  stopped({ completed, killed }: StopReport): void {
    const level = killed > 0 ? 'warn' : 'info'
    this.#log.write(
      'coordinator',
      level,
      () => `stopped: ${completed} tokens completed meanwhile, ${killed} were killed`,
    )
  }

  #info(text: () => string): void {
    this.#log.write('coordinator', 'info', text)
  }
}
