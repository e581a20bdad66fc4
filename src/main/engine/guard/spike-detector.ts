import { type InputScore, scoreInput } from './input-score.ts'
import { RunningStatistics } from './running-statistics.ts'

export interface SpikeLimits {
  /** (value - average) / average from which on it is a spike. */
  readonly deviation: number
  /** Values before anything is judged. */
  readonly minimumCalls: number
}

export interface Spike {
  readonly input: InputScore
  readonly average: number
  /** (score - average) / average. */
  readonly deviation: number
  /** What the run will take if it grows as the input does, microseconds; null without runs. */
  readonly predictedRun: number | null
}

/** Below these nothing is worth holding back, however unusual it is: a score, and microseconds. */
const smallestScore = 4096
const smallestRun = 100_000
/** A spike is also this many standard deviations above the average, so that a wide spread alone is none. */
const sigmas = 3

/** What one operation usually gets and usually takes. */
export class SpikeDetector {
  readonly inputs = new RunningStatistics()
  readonly runs = new RunningStatistics()
  inputSpikes = 0
  costSpikes = 0

  /** Scores the arguments against the operation's history. What is no spike becomes part of it. */
  look(values: readonly unknown[], limits: SpikeLimits): Spike | null {
    const input = scoreInput(values)
    const { inputs, runs } = this
    if (!isSpike(inputs, input.score, smallestScore, limits)) {
      inputs.add(input.score)
      return null
    }
    this.inputSpikes += 1
    const deviation = (input.score - inputs.mean) / inputs.mean
    const predictedRun = runs.count === 0 ? null : runs.mean * (1 + deviation)
    return { input, average: inputs.mean, deviation, predictedRun }
  }

  /** Takes arguments into the history that a person approved. */
  accept(input: InputScore): void {
    this.inputs.add(input.score)
  }

  /** How often the run took as long as it usually does; null when that is no spike. */
  observe(ran: number, limits: SpikeLimits): number | null {
    const { runs } = this
    const spike = isSpike(runs, ran, smallestRun, limits)
    const times = runs.mean === 0 ? 0 : ran / runs.mean
    runs.add(ran)
    if (!spike) return null
    this.costSpikes += 1
    return times
  }
}

function isSpike(history: RunningStatistics, value: number, least: number, limits: SpikeLimits): boolean {
  if (value < least || history.count < limits.minimumCalls) return false
  const { mean, deviation } = history
  return value >= mean * (1 + limits.deviation) && value > mean + sigmas * deviation
}
