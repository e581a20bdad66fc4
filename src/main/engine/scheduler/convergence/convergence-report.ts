import type { z } from 'zod'
import type {
  ConvergenceDecision,
  ConvergenceStatus,
  convergenceSummary,
} from '../../../../shared/contract/convergence.ts'
import type { CoreState } from '../core-state.ts'
import type { SchedulerOptions } from '../options.ts'
import type { Convergence } from './convergence.ts'
import type { DecisionRecord } from './decision-log.ts'

type Summary = z.infer<typeof convergenceSummary>
type PatternName = Summary['core_patterns'][string]

interface Reported {
  readonly cores: readonly CoreState[]
  readonly options: SchedulerOptions
  now(): number
}

/** Scores of the original: heavy 3, medium 2, light 1. */
const weightScores = [3, 2, 1]

/** The original's status object (section 6.5), from what the queue itself holds. */
export function summarise(state: Reported, convergence: Convergence): Summary {
  const { cores } = state
  const names = cores.map((core) => patternName(core.pattern))
  const count = (name: PatternName) => names.filter((candidate) => candidate === name).length
  const keyed = <Value>(value: (core: CoreState) => Value) =>
    Object.fromEntries(cores.map((core) => [String(core.core), value(core)]))
  return {
    core_patterns: keyed((core) => patternName(core.pattern)),
    pattern_distribution: { heavy: count('heavy'), medium: count('medium'), light: count('light') },
    total_changes: convergence.log.totalChanges,
    recent_changes: convergence.log.changes.slice(-5).map(({ at, core, from, to }) => ({
      timestamp: at,
      core_id: core,
      from_pattern: patternName(from),
      to_pattern: patternName(to),
    })),
    asi: keyed((core) => asiOf(convergence, core.core)),
    weight_gauge: keyed((core) => {
      const inputs = convergence.outlook(core.core).inputs
      return {
        recent_tasks: inputs?.ended ?? 0,
        avg_weight: averageWeight(core),
        heuristic_util: rounded(inputs?.utilization ?? 0, 2),
      }
    }),
  }
}

/** The summary, and what ours adds to it. */
export function describeConvergence(state: Reported, convergence: Convergence): ConvergenceStatus {
  const now = state.now()
  const { cooldown } = convergence.thresholds()
  return {
    ...summarise(state, convergence),
    enabled: state.options.enableConvergence,
    intervalMs: state.options.convergenceIntervalMs,
    workersPerCore: state.options.workersPerCore,
    cores: state.cores.map(({ core, pattern }) => {
      const { memory } = convergence.outlook(core)
      const decision = convergence.log.newest(core)
      return {
        core,
        pattern,
        byHandFor: Math.max(0, memory.byHandUntil - now),
        cooldownFor: Math.max(0, memory.changedAt + cooldown - now),
        decision: decision === null ? null : describeDecision(decision),
      }
    }),
    now,
  }
}

export function describeDecision(entry: DecisionRecord): ConvergenceDecision {
  return { ...entry, verdicts: [...entry.verdicts] }
}

function patternName(pattern: number): PatternName {
  if (pattern <= 2) return 'heavy'
  return pattern === 3 ? 'medium' : 'light'
}

function asiOf(convergence: Convergence, core: number): Summary['asi'][string] {
  const { asi = 0, asiTrend = 0 } = convergence.outlook(core).inputs ?? {}
  const trend = rounded(asiTrend, 6)
  return { asi: rounded(asi, 6), trend, direction: trend > 0 ? 'rising' : trend < 0 ? 'falling' : 'stable' }
}

function averageWeight(core: CoreState): number {
  let sum = 0
  let count = 0
  for (const [weight, placed] of core.placedByWeight.entries()) {
    sum += placed * (weightScores[weight] ?? 2)
    count += placed
  }
  return count === 0 ? 0 : rounded(sum / count, 2)
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
