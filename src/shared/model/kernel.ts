import type { TupleValue } from './bus.ts'

/** The kernel of the bus as operations and programs see it: agents, the batches they stand for, and walls. */

export const agentStates = ['waiting', 'running', 'done', 'compressed'] as const
/** waiting: its tuple is in its lane. running: somebody holds the tuple. done: the tuple was acknowledged. compressed: packed away. */
export type AgentState = (typeof agentStates)[number]

/** A piece of work with a place in the tree of who spawned whom. Its tuple waits in its lane until somebody takes it. */
export interface Agent {
  readonly id: string
  readonly state: AgentState
  /** What it asks for. */
  readonly yool: string
  readonly lane: string
  /** Keys from the root of the tree to it. */
  readonly map: readonly (string | number)[]
  readonly authority: string
  /** `spawned_from_` and the authority of its parent. */
  readonly source: string
  /** Id of the agent that spawned it; null below the root. */
  readonly parent: string | null
  /** The wall that it and all that it spawns stay behind. */
  readonly wall: string | null
  /** What the kernel did with it, `kind@hash`, oldest first. */
  readonly receipts: readonly string[]
  readonly data: { readonly [key: string]: TupleValue }
  /** Milliseconds since 1970 UTC. */
  readonly lastActive: number
}

export interface SpawnRequest {
  readonly yool: string
  /** Left out or null: below the root. */
  readonly parent?: string | null | undefined
  /** Its parent's, or `main` below the root. */
  readonly lane?: string | undefined
  readonly data?: { readonly [key: string]: TupleValue } | undefined
  /** Its parent's cannot be left; below the root none unless given. */
  readonly wall?: string | undefined
}

export interface BatchRequest extends SpawnRequest {
  readonly depth: number
  readonly branching: number
}

/** A batch exists only as far as somebody looks: one agent stands for all of its leaves. */
export interface Batch {
  /** Id of the agent that stands for it. */
  readonly id: string
  readonly depth: number
  readonly branching: number
  /** `branching` to the power of `depth`, exactly. */
  readonly leaves: bigint
  /** How many of them were made real. */
  readonly made: bigint
  readonly receipt: string
}

export interface RouteRequest {
  /** The agent that is meant; or else the one that waits longest in `lane`. */
  readonly agent?: string | undefined
  readonly lane?: string | undefined
  /** Merged into its data. */
  readonly packet: { readonly [key: string]: TupleValue }
  /** Moves it to another lane. */
  readonly toLane?: string | undefined
}

/** A call of something outside, such as a provider of models. */
export interface CallRequest {
  readonly yool: string
  readonly data?: { readonly [key: string]: TupleValue } | undefined
  /** Who is called: it gets retries with backoff and a breaker that the whole host shares. Left out: this program itself, without both. */
  readonly provider?: string | undefined
  /** Answers are shared only within it. */
  readonly authority?: string | undefined
  /** False: not answered from an equal call, and answers none. */
  readonly cache?: boolean | undefined
  /** Whether long texts in the data become a digest and a preview; when left out they do for a provider. */
  readonly compressContext?: boolean | undefined
  /** Further attempts after the first; 0 for none. */
  readonly retries?: number | undefined
  /** Whether an error is the provider's fault and worth another attempt: lost connections, time-outs and RetryableErrors unless given. */
  readonly retryable?: ((error: unknown) => boolean) | undefined
  /** Another way to the same result: begun `backupAfterMs` (0) after the first if `data.idempotent` is true. The first success wins. */
  readonly backup?: CallRun | undefined
  readonly backupAfterMs?: number | undefined
}

/** Does the call with the data as it is to be sent. The signal aborts when the token ends or the other way has won. */
export type CallRun<Result = unknown> = (
  data: { readonly [key: string]: TupleValue },
  signal: AbortSignal,
) => Result | Promise<Result>

export interface ScanRequest {
  readonly lane?: string | undefined
  readonly yool?: string | undefined
  /** 100 unless given; 0 counts only. */
  readonly limit?: number | undefined
  readonly offset?: number | undefined
}

export interface ScanPage {
  /** Longest known first. */
  readonly agents: readonly Agent[]
  readonly matched: number
}

export interface KernelSnapshot {
  readonly tuples: number
  /** By name. */
  readonly lanes: Readonly<Record<string, number>>
  readonly active: number
  readonly compressed: number
  /** Leaves of batches that were not made real. */
  readonly virtual: bigint
  /** Of all three. */
  readonly total: bigint
  /** Finished agents whose packed data was dropped because there were too many. */
  readonly forgotten: number
  readonly batches: number
  /** What each wall lets through. */
  readonly walls: Readonly<Record<string, readonly string[]>>
  /** Answers that lanes keep; hits and shared answers since the start. */
  readonly cache: {
    readonly entries: number
    readonly maxEntries: number
    readonly ttlMs: number
    readonly hits: number
    readonly shared: number
  }
  readonly providers: Readonly<
    Record<
      string,
      {
        readonly state: 'closed' | 'open' | 'half-open'
        /** In a row. */
        readonly faults: number
        readonly successes: number
        /** Milliseconds until one call may probe. */
        readonly remainingMs: number
      }
    >
  >
}

/** `context().kernel`. */
export interface KernelContext {
  /** Puts an agent's tuple into its lane. `overloaded` when too many wait there or too many agents are unfinished. */
  spawn(request: SpawnRequest): Promise<Agent>
  /** One agent for `branching` to the power of `depth` leaves. */
  batchSpawn(request: BatchRequest): Promise<Batch>
  /** Makes one leaf real: an agent in the lane of its batch. Null when it was made before. The leaf is a number from 0 or its digits. */
  leaf(batch: string, leaf: number | bigint | readonly number[]): Promise<Agent | null>
  /** The batch is over: leaves that were not made are counted no more. */
  closeBatch(batch: string): Promise<void>
  agent(id: string): Promise<Agent>
  /** Packs an agent that waits or is done. One that waits leaves its lane until `restore`. `conflict` while it runs. */
  compress(id: string): Promise<Agent>
  /** The other way round, with all its data. */
  restore(id: string): Promise<Agent>
  /** Packs finished agents, longest idle first, until at most `maxActive` are left; never one that waits or runs. Returns how many. */
  prune(maxActive?: number | null): Promise<number>
  /** Merges a packet into the data of a waiting agent, which joins its lane anew. Null: none waited. */
  routePacket(request: RouteRequest): Promise<Agent | null>
  scanIndex(request?: ScanRequest): Promise<ScanPage>
  /** What a wall lets through. Wall by wall a list of yools; an agent behind a wall can spawn nothing else. */
  hook(wall: string, capability: string): Promise<void>
  unhook(wall: string, capability: string): Promise<boolean>
  check(wall: string, capability: string): Promise<boolean>
  /** Rejects with `not-allowed` unless the wall lets it through. */
  enforce(wall: string, capability: string): Promise<void>
  /**
   * Calls through what keeps callers and providers from harm: an equal call's answer serves, also of one that runs now anywhere in
   * this host; long texts are compressed; faults of the provider are tried again and open its breaker (`overloaded`).
   */
  execute<Result>(request: CallRequest, run: CallRun<Result>): Promise<Result>
  /** The whole text that a lane with `contextChars` has compressed, by its digest; null when it is not kept any more. */
  original(digest: string): Promise<string | null>
  snapshot(): Promise<KernelSnapshot>
}
