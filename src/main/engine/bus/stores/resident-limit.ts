import { GuardhouseError } from '../../../../shared/errors.ts'

/** Tuples that a store holds at most, lent ones too, unless it is told otherwise. */
export const defaultMaxTuples = 1_000_000

/** Sets the option `busMaxTuples`. */
export const maxTuplesVariable = 'GUARDHOUSE_BUS_MAX_TUPLES'

/** What `out` is told while the store is full. */
export function tooManyTuples(maxTuples: number): GuardhouseError {
  return new GuardhouseError('overloaded', `the tuple space is full: it holds ${maxTuples} tuples`, {
    hint: `Take some of them, drain a lane, or allow more with the option busMaxTuples; nothing that is there is lost.`,
  })
}
