import { GuardhouseError } from '../../../../shared/errors.ts'
import type { CoreState } from '../core-state.ts'
import type { LiveOptions } from '../live-options.ts'
import type { SchedulerOptions } from '../options.ts'
import { clampPattern } from '../positions.ts'
import type { SchedulerState } from '../scheduler-state.ts'
import { type CoreMemory, decide, freshMemory } from './decide.ts'
import { DecisionLog } from './decision-log.ts'
import type { CoreInputs, Thresholds } from './rules.ts'

/** What is known of a core besides its pattern, which the queue itself tells. */
export interface CoreOutlook {
  readonly inputs: CoreInputs | null
  readonly memory: CoreMemory
}

/**
 * Looks at every core at an interval and changes how many of its workers routing uses. It writes to the same field that routing
 * reads, and reads it back; there is no second idea of a pattern.
 */
export class Convergence implements Disposable {
  readonly log = new DecisionLog()
  readonly #state: Pick<SchedulerState, 'cores' | 'now' | 'log'>
  readonly #options: SchedulerOptions
  /** Called when a pattern has changed: more may be placed now. */
  readonly #changed: () => void
  readonly #outlooks = new Map<number, CoreOutlook>()
  readonly #stopListening: () => void
  #timer: NodeJS.Timeout | null = null
  #started = false

  constructor(state: Pick<SchedulerState, 'cores' | 'now' | 'log'>, options: LiveOptions, changed: () => void) {
    this.#state = state
    this.#options = options.current
    this.#changed = changed
    this.#stopListening = options.onChange((changed) => {
      if (changed.some(({ name }) => name === 'enableConvergence' || name === 'convergenceIntervalMs')) this.#schedule()
    })
  }

  start(): void {
    this.#started = true
    this.#schedule()
  }

  [Symbol.dispose](): void {
    this.#started = false
    this.#schedule()
    this.#stopListening()
  }

  outlook(core: number): CoreOutlook {
    return this.#outlooks.get(core) ?? { inputs: null, memory: freshMemory }
  }

  thresholds(): Thresholds {
    const options = this.#options
    const { workersPerCore } = options
    return {
      queueWaitThreshold: options.queueWaitThreshold,
      depthLimit: workersPerCore * options.queueDepthFactor,
      utilizationHigh: options.utilizationHigh,
      utilizationLow: options.utilizationLow,
      minimum: clampPattern(options.patternMinimum, workersPerCore),
      maximum: clampPattern(options.patternMaximum, workersPerCore),
      hold: options.convergenceHold,
      cooldown: options.convergenceCooldownMs * 1000,
    }
  }

  /** Looks at every core now. The timer calls it; a test may. */
  evaluate(): void {
    const now = this.#state.now()
    const limits = this.thresholds()
    let changed = false
    for (const core of this.#state.cores) changed = this.#look(now, core, limits) || changed
    if (changed) this.#changed()
  }

  /** A person's choice is left alone for the time of convergenceByHandMs. Throws `not-found` and `bad-request`. */
  setByHand(core: number, pattern: number, actor: string): void {
    const target = this.#coreOf(core)
    const { workersPerCore, convergenceByHandMs } = this.#options
    if (clampPattern(pattern, workersPerCore) !== pattern) {
      throw new GuardhouseError(
        'bad-request',
        `pattern is ${pattern}, allowed is a whole number from 1 to ${workersPerCore}`,
      )
    }
    const now = this.#state.now()
    const from = target.pattern
    target.pattern = pattern
    const { inputs, memory } = this.outlook(core)
    this.#outlooks.set(core, { inputs, memory: { ...memory, byHandUntil: now + convergenceByHandMs * 1000 } })
    if (from !== pattern) this.log.change({ at: now, core, from, to: pattern, by: actor, decision: 0 })
    this.#changed()
  }

  /** Hands a core back before its time is over. False when no person held it. Throws `not-found`. */
  release(core: number): boolean {
    this.#coreOf(core)
    const { inputs, memory } = this.outlook(core)
    if (memory.byHandUntil <= this.#state.now()) return false
    this.#outlooks.set(core, { inputs, memory: { ...memory, byHandUntil: freshMemory.byHandUntil } })
    return true
  }

  #look(now: number, core: CoreState, limits: Thresholds): boolean {
    const from = core.pattern
    const inputs = core.meter.look(now, runningTime(core, now), from, core.backlog())
    const decision = decide(now, from, inputs, limits, this.outlook(core.core).memory)
    core.pattern = decision.target
    const to = core.pattern
    this.#outlooks.set(core.core, { inputs, memory: decision.memory })
    const entry = this.log.add(now, core.core, from, to, decision, inputs, limits)
    if (from === to) return false
    this.log.change({ at: now, core: core.core, from, to, by: decision.rule, decision: entry.id })
    this.#state.log.write(
      'convergence',
      'info',
      () => `pattern ${from} → ${to} by rule ${decision.rule}`,
      () => ({ core: core.core }),
    )
    return true
  }

  #coreOf(core: number): CoreState {
    const found = this.#state.cores[core - 1]
    if (found !== undefined) return found
    throw new GuardhouseError('not-found', `there is no core ${core}`, {
      hint: `Cores are numbered 1 to ${this.#state.cores.length}.`,
    })
  }

  #schedule(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    if (!this.#started || !this.#options.enableConvergence) return
    this.#timer = setInterval(() => this.evaluate(), this.#options.convergenceIntervalMs)
    this.#timer.unref()
  }
}

/** How long the tokens that hold the core's threads have run so far, together. */
function runningTime(core: CoreState, now: number): number {
  let sum = 0
  for (const worker of core.workers) {
    if (worker.runningSlot() >= 0) sum += Math.max(0, now - worker.runningSince())
  }
  return sum
}
