import { decodeTelemetry } from '../../shared/frames/telemetry.ts'

/** What one core did while somebody watched. Shares 0..1 of that time. */
export interface CoreLoad {
  readonly core: number
  readonly cpu: number
  readonly ours: number
  readonly others: number
  /** Tokens it has run since the host started. */
  readonly executed: number
}

interface CoreSum {
  cpu: number
  ours: number
  others: number
  executed: number
}

/** Adds telemetry frames up to the load of each core over the whole time. */
export class CoreLoadMeter {
  readonly #sums = new Map<number, CoreSum>()
  #watched = 0

  /** Takes one encoded telemetry frame. Throws `bad-request` when it is none. */
  add(frame: ArrayBuffer): void {
    const { interval, cores } = decodeTelemetry(frame)
    this.#watched += interval
    for (let row = 0; row < cores.length; row++) {
      const core = cores.core[row] ?? 0
      const sum = this.#sums.get(core) ?? { cpu: 0, ours: 0, others: 0, executed: 0 }
      sum.cpu = cores.cpu[row] ?? 0
      sum.ours += (cores.ours[row] ?? 0) * interval
      sum.others += (cores.others[row] ?? 0) * interval
      sum.executed = cores.executed[row] ?? 0
      this.#sums.set(core, sum)
    }
  }

  /** Loads by core number. */
  loads(): CoreLoad[] {
    const watched = this.#watched || 1
    return [...this.#sums]
      .map(([core, { cpu, ours, others, executed }]) => {
        return { core, cpu, ours: ours / watched, others: others / watched, executed }
      })
      .sort((left, right) => left.core - right.core)
  }
}
