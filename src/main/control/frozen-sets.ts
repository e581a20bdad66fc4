import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { CommandName, CommandScope } from '../../shared/contract/commands.ts'
import { GuardhouseError } from '../../shared/errors.ts'

/** Long enough to read a dialog and type a reason, short enough that nobody acts on a forgotten one. */
export const frozenSetLifetime = 5 * 60_000
/** A person looks at one dialog at a time; a few more for what was opened and put aside. */
export const maxFrozenSets = 4

interface FrozenSet {
  readonly command: CommandName
  readonly scope: CommandScope
  /** Sequences of the tokens. */
  readonly sequences: Float64Array
  /** Milliseconds of `now`. */
  readonly expiresAt: number
}

/**
 * The exact tokens that a person saw in a preview, so that a command given later touches these and no newer ones.
 * Each connection has its own: a set acts once, for the one who looked, and goes with the connection.
 */
export class FrozenSets {
  readonly #sets = new Map<string, FrozenSet>()
  readonly #now: () => number

  /** `now` in milliseconds of any monotonic clock. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Keeps a set and returns the name to give back. The oldest goes when there are too many. */
  freeze(command: CommandName, scope: CommandScope, sequences: Float64Array): string {
    this.#forgetExpired()
    for (const name of this.#sets.keys()) {
      if (this.#sets.size < maxFrozenSets) break
      this.#sets.delete(name)
    }
    const name = randomUUID()
    this.#sets.set(name, { command, scope, sequences, expiresAt: this.#now() + frozenSetLifetime })
    return name
  }

  /** Hands the set out, once. Throws `conflict` when it is gone, or was frozen for something else. */
  take(name: string, command: CommandName, scope: CommandScope): Float64Array {
    this.#forgetExpired()
    const set = this.#sets.get(name)
    if (set === undefined) {
      throw new GuardhouseError('conflict', 'the frozen set is no longer there: it was used already or is too old', {
        hint: 'Preview the command again.',
      })
    }
    if (set.command !== command || !isDeepStrictEqual(set.scope, scope)) {
      throw new GuardhouseError(
        'conflict',
        `the set was frozen for another ${set.command === command ? 'scope' : 'command'}`,
        {
          hint: 'Give the command and the scope of the preview.',
        },
      )
    }
    this.#sets.delete(name)
    return set.sequences
  }

  #forgetExpired(): void {
    const now = this.#now()
    for (const [name, set] of this.#sets) if (set.expiresAt <= now) this.#sets.delete(name)
  }
}
