import { GuardhouseError } from '../../../../shared/errors.ts'

/** Capabilities of all walls together. */
const mostHooks = 100_000

/** Named lists of what is allowed. `enforce` is what makes them walls. */
export class Hookwalls {
  readonly #walls = new Map<string, Set<string>>()

  #hooks = 0

  /** Throws `overloaded` beyond a hundred thousand capabilities of all walls. */
  hook(wall: string, capability: string): void {
    if (this.check(wall, capability)) return
    if (this.#hooks >= mostHooks)
      throw new GuardhouseError('overloaded', `${mostHooks} capabilities are hooked already`)
    this.#hooks += 1
    const allowed = this.#walls.get(wall)
    if (allowed === undefined) this.#walls.set(wall, new Set([capability]))
    else allowed.add(capability)
  }

  /** True when it was there. A wall without capabilities is forgotten. */
  unhook(wall: string, capability: string): boolean {
    const allowed = this.#walls.get(wall)
    const removed = allowed?.delete(capability) ?? false
    if (allowed?.size === 0) this.#walls.delete(wall)
    if (removed) this.#hooks -= 1
    return removed
  }

  check(wall: string, capability: string): boolean {
    return this.#walls.get(wall)?.has(capability) ?? false
  }

  /** Throws `not-allowed` unless the wall lets the capability through; nothing passes a wall that is not there. */
  enforce(wall: string, capability: string): void {
    if (this.check(wall, capability)) return
    throw new GuardhouseError('not-allowed', `the wall ${wall} does not let ${capability} through`, {
      hint: `Hook ${capability} to it first.`,
    })
  }

  /** What each wall lets through. */
  all(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.#walls].map(([wall, allowed]) => [wall, [...allowed]]))
  }
}
