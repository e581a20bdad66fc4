/**
 * A value in the form in which it crosses between the two worlds of a document. Equal objects are the same crossing, so
 * a crossing may hold itself: Chromium clones it with all its references.
 */
export type Crossing =
  | { readonly kind: 'plain'; readonly value: unknown }
  | { readonly kind: 'array'; readonly items: Crossing[] }
  | { readonly kind: 'object'; readonly properties: [name: string, value: Crossing][] }
  | { readonly kind: 'function'; readonly id: string }
  | { readonly kind: 'promise'; readonly id: string }

export interface OtherWorld {
  call(id: string, args: readonly Crossing[]): unknown
  settle(id: string, fulfilled: boolean, value: Crossing): void
}

/**
 * Takes values apart for the way to the other world and puts them together again. Functions and promises stay where
 * they are and get a stand-in over there; objects and arrays are rebuilt; the rest is cloned by Chromium.
 */
export class ValueCrossing {
  readonly #side: string
  readonly #other: OtherWorld
  readonly #functions = new Map<string, (...args: never[]) => unknown>()
  readonly #idOfFunction = new WeakMap<object, string>()
  readonly #waiting = new Map<string, { resolve(value: unknown): void; reject(reason: unknown): void }>()
  #nextId = 1

  constructor(side: string, other: OtherWorld) {
    this.#side = side
    this.#other = other
  }

  offer(id: string, implementation: (...args: never[]) => unknown): void {
    this.#functions.set(id, implementation)
  }

  /** Runs a function of this side for the other side. */
  run(id: string, args: readonly Crossing[]): Crossing {
    const implementation = this.#functions.get(id)
    if (implementation === undefined) throw new Error(`the other world of this page offers no '${id}'`)
    const unpacked = new Map<Crossing, unknown>()
    return this.pack(implementation(...(args.map((arg) => this.unpack(arg, unpacked)) as never[])))
  }

  settle(id: string, fulfilled: boolean, value: Crossing): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (fulfilled) waiting?.resolve(this.unpack(value))
    else waiting?.reject(this.unpack(value))
  }

  packAll(values: readonly unknown[]): readonly Crossing[] {
    const packed = new Map<object, Crossing>()
    return values.map((value) => this.pack(value, packed))
  }

  /** `packed` holds what belongs to the same value and has been packed already. */
  pack(value: unknown, packed = new Map<object, Crossing>()): Crossing {
    if (typeof value === 'function') return { kind: 'function', id: this.#keepFunction(value as () => unknown) }
    if (typeof value === 'symbol') throw new TypeError('An object could not be cloned.')
    if (typeof value !== 'object' || value === null) return { kind: 'plain', value }
    const earlier = packed.get(value)
    if (earlier !== undefined) return earlier
    const crossing = this.#packObject(value)
    packed.set(value, crossing)
    // Filled only now, when they can be found by what they hold.
    if (crossing.kind === 'array') {
      for (const item of value as unknown[]) crossing.items.push(this.pack(item, packed))
    } else if (crossing.kind === 'object') {
      for (const [name, item] of Object.entries(value)) crossing.properties.push([name, this.pack(item, packed)])
    }
    return crossing
  }

  /** `unpacked` holds the values of crossings that have been unpacked already. */
  unpack(crossing: Crossing, unpacked = new Map<Crossing, unknown>()): unknown {
    if (unpacked.has(crossing)) return unpacked.get(crossing)
    const value = this.#unpackShell(crossing)
    unpacked.set(crossing, value)
    if (crossing.kind === 'array') {
      for (const item of crossing.items) (value as unknown[]).push(this.unpack(item, unpacked))
    } else if (crossing.kind === 'object') {
      for (const [name, item] of crossing.properties) Reflect.set(value as object, name, this.unpack(item, unpacked))
    }
    return value
  }

  #packObject(value: object): Crossing {
    if (value instanceof Promise) return { kind: 'promise', id: this.#keepPromise(value) }
    if (Array.isArray(value)) return { kind: 'array', items: [] }
    // Objects of the application's own classes lose their prototype, as they do in Electron.
    const isRebuilt = Object.prototype.toString.call(value) === '[object Object]'
    return isRebuilt ? { kind: 'object', properties: [] } : { kind: 'plain', value }
  }

  #unpackShell(crossing: Crossing): unknown {
    switch (crossing.kind) {
      case 'plain':
        return crossing.value
      case 'array':
        return []
      case 'object':
        return {}
      case 'function':
        return (...args: unknown[]) => this.#other.call(crossing.id, this.packAll(args))
      case 'promise':
        return new Promise((resolve, reject) => this.#waiting.set(crossing.id, { resolve, reject }))
    }
  }

  #keepFunction(implementation: (...args: never[]) => unknown): string {
    const known = this.#idOfFunction.get(implementation)
    if (known !== undefined) return known
    const id = this.#newId()
    this.#idOfFunction.set(implementation, id)
    this.#functions.set(id, implementation)
    return id
  }

  #keepPromise(promise: Promise<unknown>): string {
    const id = this.#newId()
    promise.then(
      (value) => this.#settleOther(id, value),
      (reason: unknown) => this.#other.settle(id, false, this.#packReason(reason)),
    )
    return id
  }

  #settleOther(id: string, value: unknown): void {
    try {
      this.#other.settle(id, true, this.pack(value))
    } catch (error) {
      this.#other.settle(id, false, this.#packReason(error))
    }
  }

  #packReason(reason: unknown): Crossing {
    return this.pack(reason instanceof Error ? reason : new Error(String(reason)))
  }

  #newId(): string {
    return `${this.#side}:${this.#nextId++}`
  }
}
