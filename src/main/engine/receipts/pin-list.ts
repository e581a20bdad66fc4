import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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

function readPins(path: string): Map<string, Pin> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, Pin>))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map()
    throw error
  }
}
