import { hash } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GuardhouseError } from '../../../shared/errors.ts'
import type { BodyState } from '../../../shared/model/receipt.ts'
import { insideCatalog } from './catalog-path.ts'
import { writeWhole } from './durable-file.ts'
import type { Artifact } from './receipt.ts'

/** Bodies of the store's own: `artifacts/<2 digits>/<64 digits of the SHA-256>`, and what a crash left of one in the making. */
export const ownBody = /^artifacts\/([0-9a-f]{2})\/\1[0-9a-f]{62}(?:\.\d+-\d+\.partial)?$/

/** Keeps files that runs leave, each once, by the hash of its content. */
export class BodyFiles {
  readonly #catalog: string

  constructor(catalog: string) {
    this.#catalog = catalog
  }

  /** On the disk when this returns. */
  put(content: Uint8Array, mime: string): Artifact {
    const sha256 = hash('sha256', content, 'hex')
    const path = `artifacts/${sha256.slice(0, 2)}/${sha256}`
    const whole = join(this.#catalog, path)
    if (lstatSync(whole, { throwIfNoEntry: false })?.size === content.length) {
      // Younger now: a collection that was planned before leaves it, also one in another process.
      const now = new Date()
      utimesSync(whole, now, now)
    } else {
      mkdirSync(dirname(whole), { recursive: true })
      writeWhole(whole, content, true)
    }
    return { path, sha256, sizeBytes: content.length, mime }
  }

  /** How a body stands. With `check` its content is read and hashed. */
  stateOf({ path, sha256 }: Artifact, purged: boolean, check: boolean): BodyState {
    const inside = insideCatalog(path)
    if (inside === null) return 'outside'
    const facts = lstatSync(join(this.#catalog, inside), { throwIfNoEntry: false })
    if (!facts?.isFile()) return purged ? 'purged' : 'missing'
    return check && hash('sha256', readFileSync(join(this.#catalog, inside)), 'hex') !== sha256 ? 'changed' : 'kept'
  }

  /** Throws `not-found`, `not-allowed` for a path out of the catalog, or `conflict` when the content is not what was hashed. */
  read({ path, sha256 }: Artifact): Buffer {
    const inside = insideCatalog(path)
    if (inside === null) {
      throw new GuardhouseError('not-allowed', `the artifact ${JSON.stringify(path)} lies outside of the catalog`)
    }
    const whole = join(this.#catalog, inside)
    if (!lstatSync(whole, { throwIfNoEntry: false })?.isFile()) {
      throw new GuardhouseError('not-found', `the artifact ${JSON.stringify(path)} is not kept any more`, {
        hint: 'A collection removes bodies of old receipts; pin a receipt to hold its own.',
      })
    }
    const content = readFileSync(whole)
    if (hash('sha256', content, 'hex') === sha256) return content
    throw new GuardhouseError('conflict', `the artifact ${JSON.stringify(path)} was changed after it was stored`)
  }
}
