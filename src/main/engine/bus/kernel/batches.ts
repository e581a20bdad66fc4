import { GuardhouseError } from '../../../../shared/errors.ts'
import type { Agent } from '../../../../shared/model/kernel.ts'
import { BatchTree } from './batch-tree.ts'
import { LeafSet } from './leaf-set.ts'

interface OpenBatch {
  readonly tree: BatchTree
  /** Leaves that are agents of their own. */
  readonly made: LeafSet
}

/** Batches that are open, by the id of the agent that stands for them. */
export class Batches {
  readonly #open = new Map<string, OpenBatch>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#open.size
  }

  /** Throws `bad-request` for figures that are not whole numbers from 1, `overloaded` when too many are open. */
  open(id: string, depth: number, branching: number): OpenBatch {
    if (this.#open.size >= this.#max) {
      throw new GuardhouseError('overloaded', `${this.#max} batches are open`, { hint: 'Close those that are over.' })
    }
    const batch = { tree: new BatchTree(depth, branching), made: new LeafSet() }
    this.#open.set(id, batch)
    return batch
  }

  /** The batch of an agent, also one that an earlier run of the host opened. Throws `bad-request` for an agent without one. */
  find({ id, data }: Agent): OpenBatch {
    const known = this.#open.get(id)
    if (known !== undefined) return known
    if (data.lazy_batch !== true) throw new GuardhouseError('bad-request', `the agent ${id} stands for no batch`)
    return this.open(id, Number(data.depth), Number(data.branching))
  }

  /** False: it is not open. */
  close(id: string): boolean {
    return this.#open.delete(id)
  }

  /** Leaves that are not made, of all of them. */
  virtual(): bigint {
    let sum = 0n
    for (const { tree, made } of this.#open.values()) sum += tree.leaves - made.size
    return sum
  }
}
