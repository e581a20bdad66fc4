import { describeDecision } from '../../src/main/engine/scheduler/convergence/convergence-report.ts'
import { type CoreMemory, decide, freshMemory } from '../../src/main/engine/scheduler/convergence/decide.ts'
import { DecisionLog } from '../../src/main/engine/scheduler/convergence/decision-log.ts'
import type { CoreInputs, Thresholds } from '../../src/main/engine/scheduler/convergence/rules.ts'
import type { ConvergenceStatus } from '../../src/shared/contract/convergence.ts'
import type { CommandAnswers } from './command-answers.ts'
import type { Answers } from './made-up-host.ts'
import type { MadeUpScheduler } from './made-up-scheduler.ts'

const interval = 5_000_000
const past = 40 * 60_000_000

const thresholds: Thresholds = {
  queueWaitThreshold: 4,
  depthLimit: 12,
  utilizationHigh: 80,
  utilizationLow: 15,
  minimum: 2,
  maximum: 4,
  hold: 2,
  cooldown: 10_000_000,
}

type Names = 'convergence.status' | 'convergence.decisions' | 'convergence.changes' | 'convergence.release'

/** The real decisions, over loads that are invented: waves of work that reach the cores one after the other. */
export class ConvergenceAnswers {
  readonly #log = new DecisionLog()
  readonly #scheduler: MadeUpScheduler
  readonly #patterns: number[]
  readonly #memories: CoreMemory[]
  #at: number

  constructor(scheduler: MadeUpScheduler, commands: CommandAnswers) {
    this.#scheduler = scheduler
    this.#patterns = scheduler.patterns.map(() => 2)
    this.#memories = scheduler.patterns.map(() => freshMemory)
    this.#at = Math.max(0, scheduler.now() - past)
    this.answers = {
      'convergence.status': () => this.#status(),
      'convergence.decisions': ({ core, changesOnly, offset, limit }) => {
        this.#catchUp()
        const decisions = this.#log.decisions(core ?? null, changesOnly)
        return {
          decisions: decisions.slice(offset, offset + limit).map(describeDecision),
          matched: decisions.length,
          now: scheduler.now(),
        }
      },
      'convergence.changes': ({ since }) => {
        this.#catchUp()
        const { changes, totalChanges } = this.#log
        return { changes: changes.filter((change) => change.at >= since), total: totalChanges, now: scheduler.now() }
      },
      'convergence.release': ({ core, reason }) => {
        this.#memories[core - 1] = { ...(this.#memories[core - 1] ?? freshMemory), byHandUntil: 0 }
        const auditId = commands.record('release pattern', `core ${core}`, reason, 'handed back to convergence')
        return { core, released: true, auditId }
      },
    }
  }

  readonly answers: Pick<Answers, Names>

  #catchUp(): void {
    for (; this.#at < this.#scheduler.now(); this.#at += interval) {
      for (const index of this.#patterns.keys()) this.#look(index, this.#at)
    }
  }

  #look(index: number, now: number): void {
    const from = this.#patterns[index] ?? 2
    const memory = this.#memories[index] ?? freshMemory
    const inputs = load(index, now, from)
    const decision = decide(
      now,
      from,
      inputs,
      thresholds,
      index === 1 ? { ...memory, byHandUntil: now + 400e6 } : memory,
    )
    this.#patterns[index] = decision.target
    this.#memories[index] = decision.memory
    const { id } = this.#log.add(now, index + 1, from, decision.target, decision, inputs, thresholds)
    if (from !== decision.target)
      this.#log.change({ at: now, core: index + 1, from, to: decision.target, by: decision.rule, decision: id })
  }

  #status(): ConvergenceStatus {
    this.#catchUp()
    const now = this.#scheduler.now()
    return {
      core_patterns: {},
      pattern_distribution: { heavy: 0, medium: 0, light: 0 },
      total_changes: this.#log.totalChanges,
      recent_changes: [],
      asi: {},
      weight_gauge: {},
      enabled: true,
      intervalMs: interval / 1000,
      workersPerCore: 4,
      cores: this.#patterns.map((pattern, index) => {
        const newest = this.#log.newest(index + 1)
        return {
          core: index + 1,
          pattern,
          byHandFor: index === 1 ? 400e6 : 0,
          cooldownFor: 0,
          decision: newest === null ? null : describeDecision(newest),
        }
      }),
      now,
    }
  }
}

function load(index: number, now: number, pattern: number): CoreInputs {
  const wave = Math.sin(now / 180e6 - index * 0.9) * 2.4 + 1.8
  const demand = Math.max(0.05, wave)
  const busyWorkers = Math.min(pattern, demand)
  const depth = Math.max(0, Math.round((demand - pattern) * 9))
  return {
    utilization: (busyWorkers / pattern) * 100,
    busyWorkers,
    waitP95: 0.02 + depth * 0.31,
    depth,
    asi: now / 1e9,
    asiTrend: Math.cos(now / 180e6) / 1000,
    ended: Math.round(busyWorkers * 90),
  }
}
