/** The tuple bus as operations and programs see it. */

/** What JSON can say, and whole numbers of any size. */
export type TupleValue =
  | null
  | boolean
  | number
  | string
  | bigint
  | readonly TupleValue[]
  | { readonly [key: string]: TupleValue }

/** What `out` is given. `lane` and `yool` are text where they are given: tuples are found fastest by them. */
export interface TupleInput {
  readonly [key: string]: TupleValue | undefined
  readonly lane?: string
  readonly yool?: string
}

/** A tuple in the space. Frozen: nobody can change one that others read too. */
export interface Tuple {
  readonly [key: string]: TupleValue
  /** `sha256:` and 64 hexadecimal digits over everything else, unless the producer gave one. */
  readonly id: string
  /** `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`. */
  readonly created_at: string
}

/** Matches a tuple whose fields equal all of these, deeply. `{}` matches every tuple; null matches null, not an absent field. */
export type Template = { readonly [key: string]: TupleValue }

export interface WaitOptions {
  /** Milliseconds. Left out or null: wait for ever. 0: look once. */
  readonly timeoutMs?: number | null
  readonly signal?: AbortSignal
}

/**
 * `context().bus`. What a running operation takes is lent to its token: it is acknowledged when the token completes, and goes
 * back to its old place when the token fails, is killed, runs out of time or loses its thread.
 */
export interface BusContext {
  /**
   * Puts a tuple; resolves with its id once it is kept. While the bus is full this waits for room, and the thread serves others;
   * without a timeout as long as the option `busOutWaitMs` says. Rejects as `overloaded` when there was none in time.
   */
  out(tuple: TupleInput, options?: WaitOptions): Promise<string>
  /** Takes the oldest tuple that matches. Null when none came in time. The thread serves others while this waits. */
  in(template: Template, options?: WaitOptions): Promise<Tuple | null>
  /** As `in`, and leaves the tuple where it is. */
  rd(template: Template, options?: WaitOptions): Promise<Tuple | null>
  /** `in` without waiting. */
  inp(template: Template): Promise<Tuple | null>
  /** `rd` without waiting. */
  rdp(template: Template): Promise<Tuple | null>
  /** A tuple that this token took is dealt with, whatever becomes of the token. False when it is not lent to it any more. */
  acknowledge(id: string): Promise<boolean>
  /** Puts a tuple that this token took back where it was. False when it is not lent to it any more. */
  giveBack(id: string): Promise<boolean>
}
