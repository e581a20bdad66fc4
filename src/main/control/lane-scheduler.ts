import type { LaneScheduler } from '../engine/bus/lanes/lane-execution.ts'
import type { HostScheduler } from './engine-surface.ts'

/** Makes tokens of tuples. */
export function laneScheduler(
  scheduler: Pick<HostScheduler, 'submit' | 'idOf' | 'settlement' | 'runCommand'>,
): LaneScheduler {
  return {
    run: async (operation, argument, accepted, signal) => {
      const { sequence } = scheduler.submit(operation, [argument])
      const id = scheduler.idOf(sequence)
      accepted(id)
      const kill = () => {
        const reason = 'another token has brought the result'
        scheduler.runCommand('kill', { kind: 'tokens', ids: [id] }, { actor: 'lane', reason })
      }
      signal?.addEventListener('abort', kill)
      try {
        return await scheduler.settlement(id)
      } finally {
        signal?.removeEventListener('abort', kill)
      }
    },
  }
}
