import type { JsonInteger, JsonObject, JsonValue } from '../../json/value.ts'

/**
 * The evidence of one run: everything that is needed to walk it again, and what the compatible trace leaves out. It is a
 * list of records in the order in which things happened: one `run`, then per visit of a node one `enter`, its `step`s and
 * one `leave`, at last one `end`. Where nodes run side by side their records interleave; `visit` tells them apart.
 */
export type EvidenceRecord = RunRecord | EnterRecord | StepRecord | LeaveRecord | EndRecord
export type EvidenceKind = EvidenceRecord['kind']

/** The version of this format; a reader refuses a later one. */
export const evidenceVersion = 1

/** Nanoseconds of the run's monotonic clock: the very number that stands in the compatible trace. */
export type TraceTime = JsonInteger

/** The beginning: what was run on what. */
export interface RunRecord {
  readonly kind: 'run'
  readonly version: number
  readonly traceId: string
  /** Full name. */
  readonly workflow: string
  readonly domain: string
  readonly source: RunSource
  readonly payload: JsonValue
  /** SHA-256 of the canonical print of `payload` as it stands here. */
  readonly payloadHash: string
  /** The status with which a gate turned the run away; null when it was admitted. */
  readonly turnedAway: string | null
  readonly settings: RunSettingsRecord
  /** The run that started this one; null when a person or a program did. */
  readonly parent: string | null
  /** The lead token that carries the run; null outside of a scheduler. */
  readonly token: string | null
  /** Wall clock: microseconds since 1970-01-01 UTC. */
  readonly wall: number
  readonly at: TraceTime
}

/** What was executed, and the hashes by which it is known again. */
export interface RunSource {
  readonly type: 'snapshot' | 'graph'
  /** One hash over everything that decides the run. */
  readonly hash: string
  /** File, or part of the snapshot: SHA-256 of its bytes. */
  readonly files: Readonly<Record<string, string>>
  /** Of a snapshot: how its tables name places. */
  readonly dialect: string | null
  /** Of a snapshot: the generation of the implementations. */
  readonly capabilities: string | null
}

export interface RunSettingsRecord {
  readonly hopLimit: number | null
  readonly timeLimitMilliseconds: number | null
  /** Whether declared intents and admission rules were asked. */
  readonly enforced: boolean
}

/** A node is entered. */
export interface EnterRecord {
  readonly kind: 'enter'
  /** Counts the visits of a run from 0. */
  readonly visit: number
  readonly node: NodeName
  /** The visits whose edges led here; empty at a start. */
  readonly after: readonly number[]
  /** Resolved inputs of the contract; empty for a boundary node. */
  readonly inputs: JsonObject
  readonly at: TraceTime
}

export interface NodeName {
  readonly type: 'contract' | 'boundary'
  /** What tells the place from all others of the workflow: the node key where there is one, else the contract's name. */
  readonly id: string
  /** Full name of what runs there: a contract, an operation, an intent. */
  readonly name: string
  /** Address in the domain of a snapshot. */
  readonly address: number | null
}

/** A step of a contract has ended. */
export interface StepRecord {
  readonly kind: 'step'
  readonly visit: number
  /** Counts the steps of the visit from 0. */
  readonly step: number
  /** The id that the contract gives the step; may be empty. */
  readonly id: string
  /** Full name of the transform, side effect or operation. */
  readonly name: string
  /** The operation of a side effect; null for a pure step. */
  readonly operation: string | null
  readonly inputs: JsonObject
  readonly outcome: string
  /** The raw result: of a pure step it can be computed again, of a side effect it is the answer of the world. */
  readonly answer: JsonValue
  /** What the contract takes over of it. */
  readonly output: JsonObject
  /** Why a transform failed; null when it did not. */
  readonly failure: string | null
  /** Wall-clock readings of the step, in microseconds, in order. */
  readonly clock: readonly number[]
  /** Random bytes that the step asked for, in hexadecimal, in order. */
  readonly entropy: readonly string[]
  /** Trace ids of the runs that the step started. */
  readonly runs: readonly string[]
  readonly at: TraceTime
  /** Null: in the thread that walks. */
  readonly ran: Whereabouts | null
}

/** Where and when something ran on the scheduler. */
export interface Whereabouts {
  readonly token: string | null
  readonly core: number | null
  readonly worker: number | null
  /** Nanoseconds of the same clock as `at`; null when it is not known. */
  readonly started: TraceTime | null
  readonly ended: TraceTime | null
}

/** A node is left. */
export interface LeaveRecord {
  readonly kind: 'leave'
  readonly visit: number
  readonly status: string
  /** What the contract leaves for others; empty for a boundary node. */
  readonly output: JsonObject
  /** Ids of the nodes that the status leads to; empty where the run, or this branch of it, ends. */
  readonly to: readonly string[]
  readonly at: TraceTime
}

/** How the run ended. */
export interface EndRecord {
  readonly kind: 'end'
  /** Null: it was stopped by `error`. */
  readonly status: string | null
  readonly output: JsonObject
  readonly error: string | null
  readonly ending: Ending
  readonly visits: number
  readonly steps: number
  /** Wall clock: microseconds since 1970-01-01 UTC. */
  readonly wall: number
  readonly at: TraceTime
  /** SHA-256 of the compatible trace's bytes; null when none was written. */
  readonly trace: string | null
}

/**
 * `declared`: the workflow says that the run ends with this status at this node. `missing`: nothing is said about it, an
 * edge may have been forgotten. `unknown`: the declaration is not there. `failed`: an error ended the run. `stopped`: a
 * person or a limit did.
 */
export const endings = ['declared', 'missing', 'unknown', 'failed', 'stopped'] as const
export type Ending = (typeof endings)[number]
