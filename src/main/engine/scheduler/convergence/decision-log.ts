import type { Decision } from './decide.ts'
import type { CoreInputs, RuleVerdict, Thresholds } from './rules.ts'

/** One look at a core and what came of it. Looks that found and did the same are one entry that tells how many they were. */
export interface DecisionRecord {
  readonly id: number
  readonly core: number
  /** Engine microseconds of the first and the newest look of the entry. */
  readonly at: number
  until: number
  times: number
  readonly from: number
  /** The pattern that the queue confirmed after the decision. */
  readonly to: number
  readonly rule: Decision['rule']
  readonly heldBy: Decision['heldBy']
  /** Of the newest look, as are the verdicts. */
  inputs: CoreInputs
  readonly thresholds: Thresholds
  verdicts: readonly RuleVerdict[]
}

export interface PatternChange {
  readonly at: number
  readonly core: number
  readonly from: number
  readonly to: number
  /** The rule that decided, or who did it by hand. */
  readonly by: string
  /** Its decision; 0 when a person changed it. */
  readonly decision: number
}

/** How often a core went from one pattern to another since the start. */
export interface PatternStep extends Pick<PatternChange, 'core' | 'from' | 'to'> {
  readonly times: number
}

const decisionsPerCore = 256
const changesKept = 2000

/** Decisions of every core and changes of patterns, newest first, within bounds. */
export class DecisionLog {
  readonly #byCore = new Map<number, DecisionRecord[]>()
  readonly #changes: PatternChange[] = []
  readonly #steps = new Map<string, PatternStep>()
  #decisions = 0
  #total = 0

  get totalChanges(): number {
    return this.#total
  }

  /** Newest last. */
  get changes(): readonly PatternChange[] {
    return this.#changes
  }

  /** Each pair of patterns of each core with its count: of all changes, also those that are no longer kept. */
  get steps(): Iterable<PatternStep> {
    return this.#steps.values()
  }

  add(now: number, core: number, from: number, to: number, decision: Decision, inputs: CoreInputs, limits: Thresholds) {
    const { rule, heldBy, verdicts } = decision
    const list = this.#listOf(core)
    const last = list.at(-1)
    const same =
      last !== undefined &&
      from === to &&
      last.from === from &&
      last.to === to &&
      last.rule === rule &&
      last.heldBy === heldBy &&
      sameThresholds(last.thresholds, limits)
    if (same) {
      last.until = now
      last.times += 1
      last.inputs = inputs
      last.verdicts = verdicts
      return last
    }
    this.#decisions += 1
    const entry: DecisionRecord = {
      id: this.#decisions,
      core,
      at: now,
      until: now,
      times: 1,
      from,
      to,
      rule,
      heldBy,
      inputs,
      thresholds: limits,
      verdicts,
    }
    list.push(entry)
    if (list.length > decisionsPerCore) list.shift()
    return entry
  }

  change(change: PatternChange): void {
    this.#total += 1
    const { core, from, to } = change
    const step = `${core} ${from} ${to}`
    this.#steps.set(step, { core, from, to, times: (this.#steps.get(step)?.times ?? 0) + 1 })
    this.#changes.push(change)
    if (this.#changes.length > changesKept) this.#changes.shift()
  }

  /** The newest decision of a core, or null. */
  newest(core: number): DecisionRecord | null {
    return this.#byCore.get(core)?.at(-1) ?? null
  }

  /** Newest first; of one core, or of all. */
  decisions(core: number | null, changesOnly: boolean): DecisionRecord[] {
    const lists = core === null ? [...this.#byCore.values()] : [this.#listOf(core)]
    return lists
      .flat()
      .filter((entry) => !changesOnly || entry.from !== entry.to)
      .sort((a, b) => b.until - a.until || b.id - a.id)
  }

  #listOf(core: number): DecisionRecord[] {
    const list = this.#byCore.get(core) ?? []
    this.#byCore.set(core, list)
    return list
  }
}

function sameThresholds(a: Thresholds, b: Thresholds): boolean {
  return (Object.keys(a) as (keyof Thresholds)[]).every((name) => a[name] === b[name])
}
