/** Stretches of time in which nothing ran, from and to, in order. */
export type Idle = readonly (readonly number[])[]

/** Parts of the width that a stretch left out keeps, so that one sees that something is missing. */
const gapShare = 0.015

/** Times of a run to the width of a picture and back, with idle stretches drawn short when asked. */
export class TimeScale {
  readonly #points: readonly { readonly time: number; readonly x: number }[]

  constructor(span: number, width: number, idle: Idle) {
    const left = idle.reduce((sum, [from = 0, to = 0]) => sum + to - from, 0)
    const busy = Math.max(1, span - left)
    const perTime = (width * Math.max(0.2, 1 - idle.length * gapShare)) / busy
    const perGap = idle.length === 0 ? 0 : (width - busy * perTime) / idle.length
    const points = [{ time: 0, x: 0 }]
    let time = 0
    let x = 0
    for (const [from = 0, to = 0] of idle) {
      x += (from - time) * perTime
      points.push({ time: from, x })
      x += perGap
      points.push({ time: to, x })
      time = to
    }
    points.push({ time: Math.max(span, time), x: x + Math.max(0, span - time) * perTime })
    this.#points = points
  }

  x(time: number): number {
    return this.#between(time, 'time', 'x')
  }

  time(x: number): number {
    return this.#between(x, 'x', 'time')
  }

  #between(value: number, from: 'time' | 'x', to: 'time' | 'x'): number {
    let before = this.#points[0] ?? { time: 0, x: 0 }
    for (const point of this.#points) {
      if (point[from] >= value) {
        const length = point[from] - before[from]
        const share = length <= 0 ? 0 : (value - before[from]) / length
        return before[to] + share * (point[to] - before[to])
      }
      before = point
    }
    return before[to]
  }
}
