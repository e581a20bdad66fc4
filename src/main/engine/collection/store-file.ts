import { stat } from 'node:fs/promises'
import { type KeptKind, noAges } from '../../../shared/model/storage.ts'
import type { Collectable, Removal } from './collectable.ts'

/** A database whose content lives, such as the tuples of the bus: its size counts, and a collection takes nothing of it. */
export class StoreFile implements Collectable {
  readonly kind: string
  readonly #path: string

  constructor(kind: string, path: string) {
    this.kind = kind
    this.#path = path
  }

  async inventory(): Promise<readonly KeptKind[]> {
    const sizes = await Promise.all(['', '-wal'].map((suffix) => sizeOf(`${this.#path}${suffix}`)))
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    const ages = noAges()
    if (ages[0] !== undefined) ages[0] = { items: bytes === 0 ? 0 : 1, bytes }
    return [{ kind: this.kind, items: bytes === 0 ? 0 : 1, bytes, ages }]
  }

  async collect(): Promise<Removal> {
    return { items: 0, bytes: 0, notes: [] }
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch {
    // Not made yet.
    return 0
  }
}
