import type { JsonObject } from '../../json/value.ts'
import type { NodeReference } from '../snapshot/dispatch-table.ts'
import type { PlannedContract, PlannedStep } from './domain-plan.ts'

/** Nanoseconds of the run's clock, as they stand in the compatible trace. */
type TraceTime = bigint

/** Told about a run as it goes on, in the order in which things happen. What it throws stops the run. */
export interface RunObserver {
  started?(report: RunStarted): void
  nodeEntered?(report: NodeEntered): void
  stepEnded?(report: StepEnded): void
  nodeLeft?(report: NodeLeft): void
  ended?(report: RunEnded): void
}

export interface RunStarted {
  readonly payload: JsonObject
  /** The status with which a gate turned the run away; null: it was admitted. */
  readonly turnedAway: string | null
  readonly at: TraceTime
}

/** One visit of a node. */
export interface NodeVisit {
  /** Counts the visits of the run from 0. */
  readonly visit: number
  readonly node: NodeReference
  /** Null: a boundary node. */
  readonly contract: PlannedContract | null
  readonly at: TraceTime
}

export interface NodeEntered extends NodeVisit {
  readonly inputs: JsonObject
}

export interface NodeLeft extends NodeVisit {
  readonly status: string
  readonly surface: JsonObject
  /** Null: the run ends here. */
  readonly next: NodeReference | null
}

export interface StepEnded {
  readonly visit: number
  /** Counts the steps of the visit from 0. */
  readonly index: number
  readonly contract: PlannedContract
  readonly step: PlannedStep
  readonly inputs: JsonObject
  readonly status: string
  /** The raw result; null: the step threw `failure`, which stops the run. */
  readonly result: JsonObject | null
  /** What the contract takes over. */
  readonly output: JsonObject
  /** Why a transform failed, which the trace of the reference does not say. */
  readonly failure: unknown
  readonly at: TraceTime
}

export interface RunEnded {
  /** Null: the run was stopped by `error`. */
  readonly status: string | null
  readonly surface: JsonObject
  readonly error: unknown
  /** The last node that was visited; null when none was. */
  readonly last: NodeReference | null
  readonly at: TraceTime
}

/** One observer for several. */
export function observeAll(observers: readonly RunObserver[]): RunObserver {
  const [only] = observers
  if (observers.length === 1 && only !== undefined) return only
  return {
    started: (report) => observers.forEach((each) => void each.started?.(report)),
    nodeEntered: (report) => observers.forEach((each) => void each.nodeEntered?.(report)),
    stepEnded: (report) => observers.forEach((each) => void each.stepEnded?.(report)),
    nodeLeft: (report) => observers.forEach((each) => void each.nodeLeft?.(report)),
    ended: (report) => observers.forEach((each) => void each.ended?.(report)),
  }
}
