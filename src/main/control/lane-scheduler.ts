import type { LaneScheduler } from '../engine/bus/lanes/lane-execution.ts'
import type { HostScheduler } from './engine-surface.ts'

/**
 * Makes tokens of tuples. `lasting`: the tuples outlive the host, so that a crash gives back the tuple and not the token too; of
 * one that ends with the host the journal's token is all that is left.
 */
export function laneScheduler(
  scheduler: Pick<HostScheduler, 'submit' | 'idOf' | 'settlement' | 'runCommand' | 'reports'>,
  lasting: boolean,
): LaneScheduler {
  return {
    canRun: (operation) => scheduler.reports.canRun(operation),
    run: async (operation, argument, accepted, signal) => {
      const { sequence } = scheduler.submit(operation, [argument], { fromTuple: lasting })
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
