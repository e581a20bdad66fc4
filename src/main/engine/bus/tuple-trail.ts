import type { Tuple } from '../../../shared/model/bus.ts'
import { sequenceOf } from '../../../shared/model/token-id.ts'
import type { LaneScheduler } from './lanes/lane-execution.ts'
import type { SpaceObserver } from './space-observers.ts'

/** A tuple by name, as it was when a token was made of it or took it. */
export interface TupleName {
  readonly id: string
  readonly lane: string | null
  readonly yool: string | null
}

const keptTokens = 20_000
const keptTuples = 20_000
/** Of a tuple that is tried again and again, and of a token that takes or puts many. */
const keptEach = 64

/**
 * Which tuples led to which tokens, and which tokens put which tuples, lately: bounded, for whoever follows one to the other. What
 * is older is told by the notes on the lane `audit`.
 */
export class TupleTrail implements SpaceObserver {
  /** By token. */
  readonly #taken = new Map<string, TupleName[]>()
  readonly #put = new Map<string, TupleName[]>()
  /** Tokens by tuple. */
  readonly #tokens = new Map<string, string[]>()
  readonly #onLed: (tuple: string, token: string) => void

  /** `onLed` hears of each token that a tuple leads to. */
  constructor(onLed: (tuple: string, token: string) => void) {
    this.#onLed = onLed
  }

  /** The same scheduler; what it makes of tuples is noted. */
  following(scheduler: LaneScheduler): LaneScheduler {
    return {
      canRun: (operation) => scheduler.canRun(operation),
      run: (operation, argument, accepted, signal) => {
        const hear = (token: string) => {
          for (const tuple of isList(argument) ? argument : [argument]) this.#led(tuple, token)
          accepted(token)
        }
        return scheduler.run(operation, argument, hear, signal)
      },
    }
  }

  offered(): void {
    // Not kept yet.
  }

  put(tuple: Tuple, by: string): void {
    if (isToken(by)) note(this.#put, by, nameOf(tuple), keptTokens)
  }

  taken(tuple: Tuple, by: string): void {
    if (isToken(by)) this.#led(tuple, by)
  }

  returned(): void {
    // Who took it and gave it back is still part of its way.
  }

  /** Oldest first: one for each attempt. */
  tokensOf(tuple: string): readonly string[] {
    return this.#tokens.get(tuple) ?? []
  }

  /** What the token was made of, or has taken. */
  takenBy(token: string): readonly TupleName[] {
    return this.#taken.get(token) ?? []
  }

  putBy(token: string): readonly TupleName[] {
    return this.#put.get(token) ?? []
  }

  #led(tuple: Tuple, token: string): void {
    note(this.#taken, token, nameOf(tuple), keptTokens)
    note(this.#tokens, tuple.id, token, keptTuples)
    this.#onLed(tuple.id, token)
  }
}

function nameOf({ id, lane, yool }: Tuple): TupleName {
  return { id, lane: typeof lane === 'string' ? lane : null, yool: typeof yool === 'string' ? yool : null }
}

function isToken(name: string): boolean {
  return sequenceOf(name) !== null
}

function isList(argument: Tuple | readonly Tuple[]): argument is readonly Tuple[] {
  return Array.isArray(argument)
}

function note<Value>(map: Map<string, Value[]>, key: string, value: Value, kept: number): void {
  const values = map.get(key)
  if (values !== undefined) {
    if (values.length < keptEach) values.push(value)
    return
  }
  map.set(key, [value])
  const [oldest] = map.keys()
  if (map.size > kept && oldest !== undefined) map.delete(oldest)
}
