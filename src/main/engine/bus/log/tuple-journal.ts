import type { Tuple } from '../../../../shared/model/bus.ts'

/** Where a memory store writes down what comes and goes. */
export interface TupleJournal {
  /** Resolves once it is written; rejects when it cannot be, and then nothing of it is in the journal. */
  append(operation: 'out' | 'in', tuple: Tuple): Promise<void>
  close(): Promise<void>
}
