import { GuardhouseError } from '../../../../shared/errors.ts'

/** Digits of the number of leaves in base two: more would take long to write down. */
const mostBits = 4096

/**
 * A tree of agents that exist only as far as somebody looks: `branching` children at each of `depth` levels. Every leaf has an
 * address, its number written as one digit for each level, so it can be named, visited and made real alone.
 */
export class BatchTree {
  readonly depth: number
  readonly branching: number
  /** Leaves, exactly: 32 and 4 give 1,048,576. */
  readonly leaves: bigint

  /** Throws `bad-request` unless both are whole numbers from 1, `too-large` beyond 2 to the power of 4096 leaves. */
  constructor(depth: number, branching: number) {
    if (!(Number.isSafeInteger(depth) && Number.isSafeInteger(branching) && depth >= 1 && branching >= 1)) {
      throw new GuardhouseError('bad-request', `depth ${depth} and branching ${branching} must be whole numbers from 1`)
    }
    if (depth * Math.log2(branching) > mostBits || depth > mostBits) {
      throw new GuardhouseError(
        'too-large',
        `${branching} to the power of ${depth} has more than ${mostBits} binary digits`,
      )
    }
    this.depth = depth
    this.branching = branching
    this.leaves = BigInt(branching) ** BigInt(depth)
  }

  /** Digits of a leaf's number, topmost level first. Throws `not-found` for a number that is no leaf's. */
  addressOf(leaf: bigint): number[] {
    if (leaf < 0n || leaf >= this.leaves)
      throw new GuardhouseError('not-found', `there is no leaf ${leaf} of ${this.leaves}`)
    const digits: number[] = []
    let rest = leaf
    for (let level = 0; level < this.depth; level++) {
      digits.unshift(Number(rest % BigInt(this.branching)))
      rest /= BigInt(this.branching)
    }
    return digits
  }

  /** The other way round. Throws `not-found` for digits that are no leaf's. */
  leafAt(address: readonly number[]): bigint {
    const fits =
      address.length === this.depth &&
      address.every((digit) => Number.isInteger(digit) && digit >= 0 && digit < this.branching)
    if (!fits) throw new GuardhouseError('not-found', `[${address.join(', ')}] is no address of a leaf`)
    return address.reduce((sum, digit) => sum * BigInt(this.branching) + BigInt(digit), 0n)
  }
}
