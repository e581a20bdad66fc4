import type { Tuple } from '../../../../shared/model/bus.ts'

/** Where a memory store writes down what comes and goes. */
export interface TupleJournal {
  /**
   * Resolves once it is written; rejects when it cannot be, and then nothing of it is in the journal. With an `out` the tuple
   * `replaced` is gone, in one step.
   */
  append(operation: 'out' | 'in', tuple: Tuple, replaced?: Tuple): Promise<void>
  close(): Promise<void>
}
