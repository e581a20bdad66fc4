/** Mean and spread of a series without keeping it (Welford, Technometrics 4, 1962). */
export class RunningStatistics {
  count = 0
  mean = 0
  most = 0
  #squares = 0

  add(value: number): void {
    this.count += 1
    const before = value - this.mean
    this.mean += before / this.count
    this.#squares += before * (value - this.mean)
    if (value > this.most) this.most = value
  }

  get deviation(): number {
    return this.count < 2 ? 0 : Math.sqrt(this.#squares / (this.count - 1))
  }
}
