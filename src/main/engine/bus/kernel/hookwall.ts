import { GuardhouseError } from '../../../../shared/errors.ts'

/** Named lists of what is allowed. `enforce` is what makes them walls. */
export class Hookwalls {
  readonly #walls = new Map<string, Set<string>>()

  hook(wall: string, capability: string): void {
    const allowed = this.#walls.get(wall)
    if (allowed === undefined) this.#walls.set(wall, new Set([capability]))
    else allowed.add(capability)
  }

  /** True when it was there. A wall without capabilities is forgotten. */
  unhook(wall: string, capability: string): boolean {
    const allowed = this.#walls.get(wall)
    const removed = allowed?.delete(capability) ?? false
    if (allowed?.size === 0) this.#walls.delete(wall)
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
}
