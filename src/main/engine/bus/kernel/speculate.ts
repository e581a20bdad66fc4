/** One of two ways to the same end. Its signal aborts when the other has won. */
export type SpeculativeRun<Value> = (signal: AbortSignal) => Promise<Value>

export interface SpeculationSettings<Value> {
  /** Head start of the first, milliseconds; 0 begins both at once. */
  readonly delayMs: number
  /** Whether a value is a success; every value is unless told otherwise. */
  readonly good?: (value: Value) => boolean
}

export interface SpeculationResult<Value> {
  readonly value: Value
  /** 0 the first, 1 the second. */
  readonly winner: 0 | 1
}

interface Failure<Value> {
  readonly settle: (resolve: (result: SpeculationResult<Value>) => void, reject: (error: unknown) => void) => void
}

/**
 * Runs the first, and the second as well once the first takes longer than its head start or fails. Settles with the first
 * success at once, without waiting for the loser; when both fail, as the first did.
 */
export function speculate<Value>(
  runs: readonly [SpeculativeRun<Value>, SpeculativeRun<Value>],
  { delayMs, good = () => true }: SpeculationSettings<Value>,
): Promise<SpeculationResult<Value>> {
  return new Promise((resolve, reject) => {
    const stops = [new AbortController(), new AbortController()] as const
    const failures: (Failure<Value> | undefined)[] = [undefined, undefined]
    let secondBegun = false
    const win = (winner: 0 | 1, value: Value) => {
      clearTimeout(headStart)
      secondBegun = true
      stops[winner === 0 ? 1 : 0].abort()
      resolve({ value, winner })
    }
    const fail = (which: 0 | 1, failure: Failure<Value>) => {
      failures[which] = failure
      beginSecond()
      if (failures[0] !== undefined && failures[1] !== undefined) failures[0].settle(resolve, reject)
    }
    const begin = (which: 0 | 1) => {
      Promise.try(runs[which], stops[which].signal).then(
        (value) => {
          if (good(value)) win(which, value)
          else fail(which, { settle: (settle) => settle({ value, winner: which }) })
        },
        (error: unknown) => fail(which, { settle: (_, refuse) => refuse(error) }),
      )
    }
    const beginSecond = () => {
      if (secondBegun) return
      secondBegun = true
      clearTimeout(headStart)
      begin(1)
    }
    const headStart = setTimeout(beginSecond, delayMs)
    begin(0)
  })
}
