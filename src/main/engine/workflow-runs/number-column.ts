type NumberArray = Float64Array | Int32Array | Int16Array

/** A column of numbers that grows: runs may have millions of events, and an object for each would cost too much. */
export class NumberColumn<Values extends NumberArray> {
  length = 0
  #values: Values
  readonly #make: (length: number) => Values

  constructor(make: (length: number) => Values) {
    this.#make = make
    this.#values = make(64)
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = this.#make(this.length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.length++] = value
  }

  at(index: number): number {
    return this.#values[index] ?? 0
  }

  toArray(): number[] {
    // `Array.from` takes ten times as long.
    const all = new Array<number>(this.length)
    for (let index = 0; index < all.length; index++) all[index] = this.at(index)
    return all
  }

  set(index: number, value: number): void {
    this.#values[index] = value
  }
}

export function doubles(): NumberColumn<Float64Array> {
  return new NumberColumn((length) => new Float64Array(length))
}

export function integers(): NumberColumn<Int32Array> {
  return new NumberColumn((length) => new Int32Array(length))
}
