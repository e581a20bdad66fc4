import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GuardhouseError } from '../../../shared/errors.ts'
import { writeWhole } from './durable-file.ts'

export interface Pin {
  readonly at: string
  readonly actor: string
  readonly reason: string
}

const fileName = 'receipts.pins.json'

/** Receipts whose bodies a person holds, whatever their age: a small file beside the receipts, rewritten whole. */
export class PinList {
  readonly #path: string
  readonly #pins: Map<string, Pin>

  constructor(catalog: string) {
    this.#path = join(catalog, fileName)
    this.#pins = readPins(this.#path)
  }

  has(id: string): boolean {
    return this.#pins.has(id)
  }

  ids(): string[] {
    return [...this.#pins.keys()]
  }

  set(id: string, pin: Pin | null): void {
    if (pin === null) this.#pins.delete(id)
    else this.#pins.set(id, pin)
    writeWhole(this.#path, JSON.stringify(Object.fromEntries(this.#pins)), true)
  }
}

/** A list that cannot be read is no empty one: whoever pinned relies on it, so nothing may be collected until a person has seen to it. */
function readPins(path: string): Map<string, Pin> {
  try {
    const pins: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof pins !== 'object' || pins === null || Array.isArray(pins)) throw new Error('it holds no JSON object')
    return new Map(Object.entries(pins as Record<string, Pin>))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map()
    const why = error instanceof Error ? error.message : String(error)
    throw new GuardhouseError('conflict', `the list of pinned receipts ${path} cannot be read: ${why}`, {
      hint: 'Mend it, or move it away: then no receipt is pinned, and a collection may take bodies that were held.',
      cause: error,
    })
  }
}
