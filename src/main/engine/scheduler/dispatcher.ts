import { assert, assertDefined } from '../../../shared/assert.ts'
import { weights } from '../../../shared/model/token.ts'
import { PlacementNarrator } from '../log/placement-narrator.ts'
import type { PinnedWorker } from '../workers/pinned-worker.ts'
import type { WorkerOperation } from '../workers/worker-protocol.ts'
import { type CoreState, shortRun } from './core-state.ts'
import { type LoadSnapshot, placeOn, type RoutingDecision, strategies } from './routing.ts'
import type { SchedulerState } from './scheduler-state.ts'
import { passes } from './tags/tag-rules.ts'
import { stateNumbers, tokenFlags } from './token-table.ts'

// Waking a thread costs 20 to 50 microseconds, and what it takes comes back through one more ring: what will have waited no longer
// than this is done sooner where it is. Microseconds.
const worthTaking = 200

// Admissions that share one reading of the clock, which costs a twentieth of all that is done for a short token: what is admitted last
// is told some microseconds early.
const admissionsPerReading = 16

/** Moves tokens from the gate into mailboxes: each to the core and worker its strategy names, and what is left over to idle cores. */
export class Dispatcher {
  readonly #state: SchedulerState
  readonly #snapshot: LoadSnapshot
  readonly #workerOperations: () => readonly WorkerOperation[]
  /** The policy is to reject and no core of the token's weight has room. */
  readonly #reject: (slot: number) => void
  readonly #touched = new Set<PinnedWorker>()
  /** Mailboxes found to hold nothing that another core may take. */
  readonly #barren: PinnedWorker[] = []
  readonly #narrator: PlacementNarrator
  #admittedAt = 0
  #admissions = 0
  /**
   * Something may be placed or taken soon though nobody will tell: a worker comes by places that killed tokens still take up in its
   * ring, or a wait that was not worth taking grows, as what runs before it is longer than was expected.
   */
  looksAgain = false

  constructor(
    state: SchedulerState,
    workerOperations: () => readonly WorkerOperation[],
    reject: (slot: number) => void,
  ) {
    this.#state = state
    this.#snapshot = { workersPerCore: state.options.workersPerCore, cores: state.cores }
    this.#workerOperations = workerOperations
    this.#reject = reject
    this.#narrator = new PlacementNarrator(state)
  }

  /** Places everything that can be placed now, then rings each worker once. Returns the worker when it was a single one. */
  run(): PinnedWorker | null {
    const { gate, options, rules } = this.#state
    this.looksAgain = false
    this.#admissions = 0
    if (rules.live > 0) this.#admitBound()
    if (!gate.closed) this.#admit()
    this.#shareAmongSiblings()
    if (options.stealing) this.#feedIdleCores()
    return this.#ringTouched()
  }

  /** Puts tokens back into the mailbox of the worker that lost its thread under them. */
  restore(slots: readonly number[], worker: PinnedWorker): void {
    for (const slot of slots) this.#push(slot, worker)
    worker.ring()
  }

  #admit(): void {
    const { gate, options } = this.#state
    const strategy = strategies[options.strategy]
    let blocked = 0
    for (let weight = gate.nextClass(blocked); weight >= 0; weight = gate.nextClass(blocked)) {
      const slot = gate.head(weight)
      if (this.#state.table.has(slot, tokenFlags.marked) && !this.#mayGo(slot)) continue
      this.#expectShort(this.#expectedCost(slot) < shortRun)
      const decision =
        strategy(this.#snapshot, assertDefined(weights[weight], 'a class has a weight')) ?? this.#overflow()
      if (decision === null) {
        if (options.overflow === 'reject') this.#reject(slot)
        else {
          blocked |= 1 << weight
          this.looksAgain ||= this.#state.cores.some((core) => core.lacksPlaces())
        }
      } else if (!this.#admitTo(slot, decision, false)) blocked |= 1 << weight
    }
  }

  #expectShort(short: boolean): void {
    for (const core of this.#state.cores) core.routesShort = short
  }

  /** Sends on what has waited for something else than room, then what may use one core only: it has no other. */
  #admitBound(): void {
    const { rules, cores, gate } = this.#state
    rules.wake()
    if (gate.closed) return
    for (const { core } of cores) {
      for (let slot = rules.headForCore(core); slot >= 0; slot = rules.headForCore(core)) {
        if (!this.#admitToCore(slot, core)) break
      }
    }
  }

  /** False when the token with marks does not wait for room on any core of its weight: it has gone, or waits elsewhere. */
  #mayGo(slot: number): boolean {
    const { rules } = this.#state
    const core = rules.pass(slot)
    if (core > 0 && (rules.headForCore(core) >= 0 || !this.#admitToCore(slot, core))) rules.waitForCore(slot, core)
    return core === passes.anywhere
  }

  /** True when the token is out of the way: in a mailbox of its only core, or rejected. */
  #admitToCore(slot: number, core: number): boolean {
    const { cores, options } = this.#state
    const target = assertDefined(cores[core - 1], 'a token is bound to an existing core')
    if (this.#admitTo(slot, placeOn(target, this.#snapshot.workersPerCore, cores.length), false)) return true
    if (options.overflow === 'reject') this.#reject(slot)
    else this.looksAgain ||= target.lacksPlaces()
    return options.overflow === 'reject'
  }

  /** Where a token goes when every core of its weight is full; null when it has to wait. */
  #overflow(): RoutingDecision | null {
    if (this.#state.options.overflow !== 'spill') return null
    let best: CoreState | null = null
    for (const core of this.#state.cores) if (!core.full && (best === null || core.load < best.load)) best = core
    return best === null ? null : placeOn(best, this.#snapshot.workersPerCore, this.#state.cores.length)
  }

  /** False when the room that was seen is gone: a lead that waited for its children counts again as soon as they have ended. */
  #admitTo(slot: number, decision: RoutingDecision, stolen: boolean): boolean {
    const { table, gate, cores } = this.#state
    const core = assertDefined(cores[decision.core - 1], 'a route names an existing core')
    const worker = core.workerFor(decision.slot)
    if (worker === null) return false
    gate.remove(slot)
    gate.admitted += 1
    core.counter += 1
    core.placedByWeight[table.weight[slot] ?? 0] = (core.placedByWeight[table.weight[slot] ?? 0] ?? 0) + 1
    table.position[slot] = decision.position
    table.admittedAt[slot] = this.#admissionTime()
    if (stolen) table.setFlag(slot, tokenFlags.stolen, true)
    table.move(slot, stateNumbers.ADMITTED)
    this.#state.count(slot, stateNumbers.WAITING, stateNumbers.ADMITTED)
    if (table.has(slot, tokenFlags.marked)) this.#state.rules.placed(slot, core.core)
    this.#place(slot, core, worker)
    if (this.#narrator.on) this.#narrator.placed(slot, worker, stolen)
    return true
  }

  #admissionTime(): number {
    if (this.#admissions % admissionsPerReading === 0) this.#admittedAt = this.#state.now()
    this.#admissions += 1
    return this.#admittedAt
  }

  #place(slot: number, core: CoreState, worker: PinnedWorker): void {
    core.load += 1
    if (!worker.started) worker.start(this.#workerOperations())
    this.#state.table.worker[slot] = this.#state.workerNumber(worker)
    this.#push(slot, worker)
    this.#touched.add(worker)
  }

  #push(slot: number, worker: PinnedWorker): void {
    const { table } = this.#state
    assert(table.values[slot] != null, 'a token that has not run has its arguments')
    const record = worker.push(table, slot, table.extras[slot]?.transfer != null)
    assert(record >= 0, 'a worker is chosen only while its mailbox has a place')
    table.record[slot] = record
    table.setFlag(slot, tokenFlags.pulled, worker.lastPulled)
  }

  /** An idle worker takes half of what waits behind another on its own core: a token that sleeps or runs long must not hold up a mailbox beside a free thread. */
  #shareAmongSiblings(): void {
    for (const core of this.#state.cores) {
      if (core.pattern < 2 || core.load < 2) continue
      const idle = core.idleWorker()
      const busy = idle === null ? null : core.slowestMailbox(this.#state.now())
      if (idle === null || busy === null || !this.#isWorthTaking(busy)) continue
      for (let left = Math.ceil(busy.backlog / 2); left > 0; left--) {
        const slot = busy.reclaimOldest()
        if (slot < 0) break
        core.load -= 1
        this.#place(slot, core, idle)
        this.#narrator.taken(slot, busy, idle)
      }
    }
  }

  /**
   * An idle core takes what waits for others: first tokens whose own cores are full, then the oldest of the longest mailbox. At most
   * as many as are expected to run within the budget (at least one), all on one worker, so that its own tokens find the core free soon.
   */
  #feedIdleCores(): void {
    if (!this.#somethingToTake()) return
    for (const core of this.#state.cores) {
      if (!core.isIdle()) continue
      const worker = core.workerFor(core.counter % core.pattern)
      if (worker === null) continue
      let budget = this.#state.options.stealBudgetMs * 1000
      const most = core.placesOf(worker) >> 1
      for (let taken = 0; taken < most || taken === 0; taken++) {
        const cost = this.#stealOne(core, worker)
        if (cost < 0) break
        budget -= cost
        if (budget <= 0) break
      }
    }
  }

  #somethingToTake(): boolean {
    if (!this.#state.gate.closed && this.#state.gate.nextClass(0) >= 0) return true
    for (const core of this.#state.cores) if (core.load > 1) return true
    return false
  }

  /** Expected cost of the token taken, microseconds; -1 when there was none to take. */
  #stealOne(core: CoreState, worker: PinnedWorker): number {
    const { gate, table, rules } = this.#state
    const slot = gate.closed ? -1 : this.#nextForAnyCore()
    if (slot >= 0) {
      const admitted = this.#admitTo(
        slot,
        { ...placeOn(core, this.#snapshot.workersPerCore, this.#state.cores.length), slot: worker.slot },
        true,
      )
      return admitted ? this.#expectedCost(slot) : -1
    }
    const mayTake = rules.live === 0 ? null : (each: number) => !rules.staysOnCore(each)
    this.#barren.length = 0
    for (let victim = this.#slowestMailbox(core); victim !== null; victim = this.#slowestMailbox(core)) {
      const taken = victim.reclaimOldest(mayTake)
      if (taken < 0) {
        this.#barren.push(victim)
        continue
      }
      this.#state.coreOf(victim).load -= 1
      core.counter += 1
      table.setFlag(taken, tokenFlags.stolen, true)
      this.#place(taken, core, worker)
      this.#narrator.taken(taken, victim, worker)
      return this.#expectedCost(taken)
    }
    return -1
  }

  /** The oldest token that waits for room and may go to any core, or -1. */
  #nextForAnyCore(): number {
    const { gate, table } = this.#state
    for (let weight = gate.nextClass(0); weight >= 0; weight = gate.nextClass(0)) {
      const slot = gate.head(weight)
      if (!table.has(slot, tokenFlags.marked) || this.#mayGo(slot)) return slot
    }
    return -1
  }

  /** The mailbox of another core that is going to wait longest and may have something to take, or null when none is worth taking from. */
  #slowestMailbox(thief: CoreState): PinnedWorker | null {
    const now = this.#state.now()
    let slowest: PinnedWorker | null = null
    for (const core of this.#state.cores) {
      // A worker that has just been handed its only token is about to run it.
      if (core === thief || core.load < 2) continue
      const worker = core.slowestMailbox(now, this.#barren)
      if (worker === null) continue
      if (slowest === null || worker.expectedWait(now) > slowest.expectedWait(now)) slowest = worker
    }
    return slowest !== null && this.#isWorthTaking(slowest) ? slowest : null
  }

  #isWorthTaking(busy: PinnedWorker): boolean {
    if (busy.expectedWait(this.#state.now()) >= worthTaking) return true
    this.looksAgain = true
    return false
  }

  /** Unknown run times count as the whole budget: one token shows how long they are. */
  #expectedCost(slot: number): number {
    const { meanRun } = this.#state.operations.at(this.#state.table.operation[slot] ?? 0)
    return meanRun === 0 ? Number.POSITIVE_INFINITY : meanRun
  }

  #ringTouched(): PinnedWorker | null {
    let single: PinnedWorker | null = null
    for (const worker of this.#touched) {
      worker.ring()
      single = this.#touched.size === 1 ? worker : null
    }
    this.#touched.clear()
    return single
  }
}
