import { type ErrorData, GuardhouseError, toErrorData } from '../../../../shared/errors.ts'
import type { OperationTags } from '../../../../shared/model/operation.ts'
import type { SchedulerState } from '../scheduler-state.ts'
import { TokenQueue } from '../token-queue.ts'
import { tokenFlags } from '../token-table.ts'
import { type ConductorDomain, ConductorDomains } from './conductor-domains.ts'
import { stickyKey } from './fingerprint.ts'
import { seedDigest } from './seed-digest.ts'
import { type StickyLane, StickyLanes, waitsForItself } from './sticky-lanes.ts'
import { limitsOf, type StorageTier, StorageTiers } from './storage-tiers.ts'
import { TagNarrator } from './tag-narrator.ts'
import { makeMarks, type TokenMarks } from './token-marks.ts'

/** Where a token that tags bind may go. */
export const passes = { parked: -1, anywhere: 0 } as const

/**
 * What tags ask of the way from the gate to a worker: one lane per sticky key, one core per domain, permits of storage tiers, and
 * waits before retries. Tokens that no tag binds never come here. Whatever a token waits for it waits for outside of the queues of the
 * gate, so that it holds up nobody; lane and permit are taken both or none, when nothing but room in a mailbox is missing.
 */
export class TagRules {
  readonly lanes: StickyLanes
  readonly domains = new ConductorDomains()
  readonly tiers: StorageTiers
  /** Tokens that wait for the instant of their retry. */
  readonly retrying: TokenQueue
  /** Attempts made again; tokens that completed after all; tokens that failed although they were tried again. */
  readonly retries = { created: 0, succeeded: 0, exhausted: 0 }
  /** Marked tokens that are not over. */
  live = 0
  readonly #state: SchedulerState
  readonly #narrator: TagNarrator
  /** By core - 1: tokens bound to it that found it full. */
  #forCore: readonly TokenQueue[] = []
  /** Ended tokens whose code still runs: what they hold they hold until it stops. */
  readonly #lingering = new Map<number, TokenMarks>()
  readonly #freedLanes = new Set<StickyLane>()
  readonly #freedTiers = new Set<StorageTier>()
  #dispatch: () => void = nothingYet
  #fail: (slot: number, error: ErrorData) => void = nothingYet

  constructor(state: SchedulerState) {
    const { links } = state.table
    this.#state = state
    this.#narrator = new TagNarrator(state)
    this.lanes = new StickyLanes(links)
    this.tiers = new StorageTiers(limitsOf(state.options), links)
    this.retrying = new TokenQueue('waiting for a retry', links)
  }

  /** `dispatch` is asked for when something may go on; `fail` ends a token that cannot. */
  connect(dispatch: () => void, fail: (slot: number, error: ErrorData) => void): void {
    this.#dispatch = dispatch
    this.#fail = fail
  }

  /** Queues outside of the gate's in which tokens wait for what their tags ask for. */
  *queues(): Generator<TokenQueue> {
    yield this.retrying
    yield* this.#forCore
    for (const tier of this.tiers.tiers) yield tier.parked
    for (const lane of this.lanes) if (lane.parked.length > 0) yield lane.parked
  }

  /** A token was made. Its row has arguments, parent and instant of creation. */
  created(slot: number, tags: OperationTags): void {
    const parent = this.#parentOf(slot)
    const { stickyAnchor, externalCalls, storageSpeed } = tags
    const own = stickyAnchor !== undefined || externalCalls !== undefined || storageSpeed !== undefined
    if (!own && parent === null) return
    const marks = this.#mark(slot, parent)
    const domain = parent?.leads ?? parent?.domain
    if (domain != null) {
      marks.domain = this.domains.join(domain)
      this.#narrator.joins(slot, domain, marks.domain)
    }
    if (stickyAnchor !== undefined) {
      const values = this.#state.table.values[slot] ?? []
      marks.lane = this.lanes.enter(stickyKey(stickyAnchor, values, tags.hashPolicy ?? 'STANDARD'))
    }
    if (externalCalls !== undefined) {
      const seed = seedDigest(this.#state.idOf(slot), externalCalls, tags.digestPolicy ?? 'FULL')
      marks.leads = this.domains.open(seed, marks.sequence)
      this.#narrator.opened(slot, marks.leads)
    }
    if (storageSpeed !== undefined) marks.tier = this.tiers.of(storageSpeed)
  }

  /** A token of an earlier run of the host: what its operation's tags are is known once the workspace is open. */
  restored(slot: number): void {
    this.#state.table.setFlag(slot, tokenFlags.marked, true)
  }

  #marksOfRestored(slot: number): TokenMarks | null {
    this.created(slot, this.#state.operationOf(slot).tags)
    const marks = this.marksOf(slot)
    if (marks === null) this.#state.table.setFlag(slot, tokenFlags.marked, false)
    return marks
  }

  /** Marks of a row, made when it has none. */
  #mark(slot: number, parent: TokenMarks | null): TokenMarks {
    const { table } = this.#state
    const extra = this.#state.extra(slot)
    extra.marks ??= makeMarks(table.sequence[slot] ?? 0, slot, parent)
    table.setFlag(slot, tokenFlags.marked, true)
    this.live += 1
    return extra.marks
  }

  marksOf = (slot: number): TokenMarks | null => this.#state.table.extras[slot]?.marks ?? null

  #parentOf(slot: number): TokenMarks | null {
    const { table } = this.#state
    const parent = table.find(table.parent[slot] ?? 0)
    return parent < 0 ? null : this.marksOf(parent)
  }

  /** The head of a queue of the gate: `passes.parked` when it waits elsewhere now, else the only core it may use, or `passes.anywhere`. */
  pass(slot: number): number {
    const marks = this.marksOf(slot) ?? this.#marksOfRestored(slot)
    if (marks === null) return passes.anywhere
    const now = this.#state.now()
    if (marks.retryAt > now) return this.#park(slot, this.retrying)
    if (marks.lane !== null && !marks.lane.take(marks)) {
      this.#giveBackPermit(marks)
      if (waitsForItself(marks, this.marksOf)) return this.#refuse(slot, marks.lane)
      this.#narrator.waitsForTurn(slot, marks.lane)
      return this.#park(slot, marks.lane.parked)
    }
    if (marks.tier !== null && !marks.tier.take(marks, now)) {
      this.#giveBackLane(marks)
      this.#narrator.waitsForPermit(slot, marks.tier)
      return this.#park(slot, marks.tier.parked)
    }
    return coreOf(marks)
  }

  /** The token found its only core full. */
  waitForCore(slot: number, core: number): void {
    if (this.#forCore.length === 0) {
      const { links } = this.#state.table
      this.#forCore = this.#state.cores.map((each) => new TokenQueue(`bound to core ${each.core}`, links))
    }
    const queue = this.#forCore[core - 1]
    if (queue !== undefined) this.#state.gate.park(slot, queue)
  }

  /** The oldest token that waits for room on this core alone, or -1. */
  headForCore(core: number): number {
    return this.#forCore[core - 1]?.head ?? -1
  }

  /** Whether the token must stay on the core it was placed on. */
  staysOnCore(slot: number): boolean {
    const marks = this.marksOf(slot)
    return marks !== null && coreOf(marks) > 0
  }

  /** The only core that the token may use; 0 when it may use others. */
  coreFor(slot: number): number {
    const marks = this.marksOf(slot)
    return marks === null ? 0 : coreOf(marks)
  }

  placed(slot: number, core: number): void {
    const marks = this.marksOf(slot)
    if (marks === null) return
    if (marks.lane !== null && marks.lane.core === 0) {
      marks.lane.core = core
      this.#narrator.pinned(slot, marks.lane)
    }
    if (marks.leads !== null && marks.leads.core === 0) {
      marks.leads.core = core
      this.#narrator.settled(slot, marks.leads)
    }
  }

  /** A person holds the token back: others may have what it had taken. */
  heldBack(slot: number): void {
    const marks = this.marksOf(slot)
    if (marks !== null) this.#giveBack(marks)
  }

  /** The token waits for its next attempt, in a place of its own, until `at`. */
  again(slot: number, at: number): void {
    const marks = this.marksOf(slot) ?? this.#mark(slot, this.#parentOf(slot))
    this.#giveBack(marks)
    marks.retryAt = at
    marks.waitingSince = at
  }

  /** The instant of its retry has come. */
  retryNow(slot: number): void {
    const { table, gate } = this.#state
    if (table.links.queueOf[slot] === this.retrying) gate.unpark(slot)
    this.#dispatch()
  }

  /** The token has ended; `stopping`: its code has not. */
  ended(slot: number, stopping: boolean): void {
    const marks = this.marksOf(slot)
    if (marks === null || marks.over) return
    if (stopping) this.#lingering.set(marks.sequence, marks)
    else this.#over(marks)
  }

  /** The code of an ended token has let go of its worker. */
  stopped(sequence: number): void {
    const marks = this.#lingering.get(sequence)
    if (marks === undefined) return
    this.#lingering.delete(sequence)
    this.#over(marks)
  }

  #over(marks: TokenMarks): void {
    this.#giveBack(marks)
    if (marks.lane !== null) {
      this.lanes.leave(marks.lane)
      this.#narrator.unpinned(marks.lane)
    }
    for (const domain of domainsOf(marks)) {
      this.domains.leave(domain)
      this.#narrator.closed(domain)
    }
    marks.over = true
    marks.parent = null
    this.live -= 1
  }

  #giveBack(marks: TokenMarks): void {
    this.#giveBackLane(marks)
    this.#giveBackPermit(marks)
  }

  #giveBackLane(marks: TokenMarks): void {
    const { lane } = marks
    if (lane?.giveBack(marks) !== true) return
    this.#freedLanes.add(lane)
    this.#dispatch()
  }

  #giveBackPermit(marks: TokenMarks): void {
    if (marks.tier?.giveBack(marks) === true) this.#tierFreed(marks.tier)
  }

  /** Options were changed: limits of tiers hold from now on. */
  optionsChanged(): void {
    const limits = limitsOf(this.#state.options)
    for (const tier of this.tiers.tiers) {
      if (tier.limit === limits[tier.speed]) continue
      const before = tier.limit
      tier.limit = limits[tier.speed]
      this.#narrator.limited(tier, before)
      this.#tierFreed(tier)
    }
  }

  /** The tier has, or may have, a permit to give. */
  #tierFreed(tier: StorageTier): void {
    this.#freedTiers.add(tier)
    this.#dispatch()
  }

  /** Sends on whoever waits for what was given back since the last call. */
  wake(): void {
    const { gate } = this.#state
    for (const lane of this.#freedLanes) {
      const next = lane.holder === null ? this.marksOf(lane.parked.head) : null
      if (next === null || !lane.take(next)) continue
      gate.unpark(next.slot)
    }
    this.#freedLanes.clear()
    for (const tier of this.#freedTiers) {
      for (const slot of tier.serve(this.marksOf, this.#state.now())) {
        gate.unpark(slot)
        this.#narrator.permitted(slot, tier)
      }
    }
    this.#freedTiers.clear()
  }

  #park(slot: number, queue: TokenQueue): number {
    this.#state.gate.park(slot, queue)
    return passes.parked
  }

  #refuse(slot: number, lane: StickyLane): number {
    const error = new GuardhouseError(
      'conflict',
      `the token would wait for ever: the lane of ${lane.key} is held by a token that waits for it`,
      {
        hint: 'A token may submit none with the key of its own lane; give the two other anchors, or call the function directly.',
      },
    )
    this.#fail(slot, toErrorData(error))
    return passes.parked
  }
}

/** A lead and its descendants go where the lead went, whatever their anchors say. */
function coreOf({ leads, domain, lane }: TokenMarks): number {
  return domain?.core || leads?.core || lane?.core || 0
}

function* domainsOf({ leads, domain }: TokenMarks): Generator<ConductorDomain> {
  if (leads !== null) yield leads
  if (domain !== null) yield domain
}

function nothingYet(): void {
  throw new Error('the rules of tags were not connected')
}
