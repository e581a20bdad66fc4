import type { LaneScheduler } from '../engine/bus/lanes/lane-runner.ts'
import type { HostScheduler } from './engine-surface.ts'

/** Makes tokens of tuples. */
export function laneScheduler(scheduler: Pick<HostScheduler, 'submit' | 'idOf' | 'settlement'>): LaneScheduler {
  return {
    run: async (operation, tuple, accepted) => {
      const { sequence } = scheduler.submit(operation, [tuple])
      const id = scheduler.idOf(sequence)
      accepted(id)
      return scheduler.settlement(id)
    },
  }
}
