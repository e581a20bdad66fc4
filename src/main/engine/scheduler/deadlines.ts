/** A binary heap of instants (engine microseconds), each with what to do then; entries are never removed early, the action looks for itself. */
export class Deadlines {
  readonly #times: number[] = []
  readonly #actions: ((now: number) => void)[] = []
  readonly #now: () => number
  #timer: NodeJS.Timeout | null = null
  #timerAt = Number.POSITIVE_INFINITY

  constructor(now: () => number) {
    this.#now = now
  }

  get size(): number {
    return this.#times.length
  }

  add(at: number, action: (now: number) => void): void {
    this.#times.push(at)
    this.#actions.push(action)
    this.#up(this.#times.length - 1)
    this.#arm()
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#times.length = 0
    this.#actions.length = 0
  }

  /** Runs everything that is due. */
  run(): void {
    const now = this.#now()
    while (this.#times.length > 0 && (this.#times[0] ?? 0) <= now) this.#take()(now)
    this.#arm()
  }

  #arm(): void {
    const first = this.#times[0]
    if (first === undefined || first >= this.#timerAt) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timerAt = first
    const delay = Math.max(0, Math.ceil((first - this.#now()) / 1000))
    this.#timer = setTimeout(
      () => {
        this.#timer = null
        this.#timerAt = Number.POSITIVE_INFINITY
        this.run()
      },
      Math.min(delay, 2 ** 31 - 1),
    )
  }

  #take(): (now: number) => void {
    const action = this.#actions[0]
    const lastTime = this.#times.pop()
    const lastAction = this.#actions.pop()
    if (action === undefined || lastTime === undefined || lastAction === undefined)
      throw new Error('take from an empty heap')
    if (this.#times.length > 0) {
      this.#times[0] = lastTime
      this.#actions[0] = lastAction
      this.#down(0)
    }
    return action
  }

  #up(index: number): void {
    while (index > 0) {
      const parent = (index - 1) >> 1
      if ((this.#times[parent] ?? 0) <= (this.#times[index] ?? 0)) return
      this.#swap(index, parent)
      index = parent
    }
  }

  #down(index: number): void {
    for (;;) {
      const left = 2 * index + 1
      if (left >= this.#times.length) return
      const right = left + 1
      const smaller = right < this.#times.length && (this.#times[right] ?? 0) < (this.#times[left] ?? 0) ? right : left
      if ((this.#times[index] ?? 0) <= (this.#times[smaller] ?? 0)) return
      this.#swap(index, smaller)
      index = smaller
    }
  }

  #swap(a: number, b: number): void {
    const time = this.#times[a] ?? 0
    const action = this.#actions[a] as (now: number) => void
    this.#times[a] = this.#times[b] ?? 0
    this.#actions[a] = this.#actions[b] as (now: number) => void
    this.#times[b] = time
    this.#actions[b] = action
  }
}
