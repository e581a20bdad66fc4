import { GuardhouseError } from '../../../../shared/errors.ts'

/** Capabilities of all walls together. */
const mostHooks = 100_000

/** Named lists of what is allowed. `enforce` is what makes them walls. */
export class Hookwalls {
  readonly #walls = new Map<string, Set<string>>()

  #declared: ReadonlyMap<string, ReadonlySet<string>> = new Map()
  #hooks = 0

  /** What the open workspace says; replaces what another one said. */
  declare(walls: Readonly<Record<string, readonly string[]>>): void {
    this.#declared = new Map(Object.entries(walls).map(([wall, allowed]) => [wall, new Set(allowed)]))
  }

  /** Throws `overloaded` beyond a hundred thousand capabilities of all walls. */
  hook(wall: string, capability: string): void {
    if (this.#walls.get(wall)?.has(capability) === true) return
    if (this.#hooks >= mostHooks)
      throw new GuardhouseError('overloaded', `${mostHooks} capabilities are hooked already`)
    this.#hooks += 1
    const allowed = this.#walls.get(wall)
    if (allowed === undefined) this.#walls.set(wall, new Set([capability]))
    else allowed.add(capability)
  }

  /** True when it was hooked. Throws `conflict` for what the workspace declares. A wall without capabilities is forgotten. */
  unhook(wall: string, capability: string): boolean {
    if (this.#declared.get(wall)?.has(capability) === true) {
      throw new GuardhouseError('conflict', `the workspace lets ${capability} through the wall ${wall}`, {
        hint: 'Take it out of guardhouse.lanes.json.',
      })
    }
    const allowed = this.#walls.get(wall)
    const removed = allowed?.delete(capability) ?? false
    if (allowed?.size === 0) this.#walls.delete(wall)
    if (removed) this.#hooks -= 1
    return removed
  }

  check(wall: string, capability: string): boolean {
    return (this.#declared.get(wall)?.has(capability) ?? false) || (this.#walls.get(wall)?.has(capability) ?? false)
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
    const walls = new Set([...this.#declared.keys(), ...this.#walls.keys()])
    const allowed = (wall: string) => [...(this.#declared.get(wall) ?? []), ...(this.#walls.get(wall) ?? [])]
    return Object.fromEntries([...walls].map((wall) => [wall, [...new Set(allowed(wall))]]))
  }
}
