import { GuardhouseError } from '../../../shared/errors.ts'
import type { EngineLog } from '../log/engine-log.ts'
import { tellFailure, tellRetry } from '../log/token-narrator.ts'
import type { OperationEntry } from '../scheduler/operation-table.ts'
import type { SchedulerOptions } from '../scheduler/options.ts'
import type { SubmitSettings } from '../scheduler/scheduler-types.ts'
import type { ObservedToken, TokenListener } from '../scheduler/token-observer.ts'
import { FailurePatterns } from './failure-patterns.ts'
import { OperationBlock } from './operation-block.ts'
import { OverflowStatistics } from './overflow-statistics.ts'
import { Quarantine, type QuarantineEntry } from './quarantine.ts'
import { type FailureKind, Reputation } from './reputation.ts'
import { type Spike, SpikeDetector } from './spike-detector.ts'
import { ThreadingMetrics } from './threading-metrics.ts'

/** What is known of one operation. */
export class GuardedOperation {
  readonly operation: string
  readonly reputation = new Reputation()
  readonly failures = new FailurePatterns()
  readonly spikes = new SpikeDetector()
  block: OperationBlock | null = null
  /** Runs and failures since it was last let through: what is blocked by its past would never be free again. */
  attemptsSince = 0
  failuresSince = 0
  /** Sequence of the token that probes, 0 for none. */
  probe = 0

  constructor(operation: string) {
    this.operation = operation
  }
}

export type GuardEvent =
  | { readonly kind: 'blocked' | 'unblocked'; readonly operation: string; readonly text: string }
  | { readonly kind: 'spike' | 'quarantined'; readonly operation: string; readonly text: string }

export interface GuardHouseParts {
  readonly options: SchedulerOptions
  readonly log: EngineLog
  readonly now: () => number
  readonly onEvent: (event: GuardEvent) => void
}

/**
 * Watches how operations do: reputation, failures, blocks, spikes, retries. It hears of ended tokens once a turn, and is asked before
 * a token is accepted; both cost a call some additions.
 */
export class GuardHouse implements TokenListener {
  readonly overflow = new OverflowStatistics()
  readonly metrics = new ThreadingMetrics()
  readonly quarantine = new Quarantine()
  readonly startedAt: number
  readonly #parts: GuardHouseParts
  readonly #operations: (GuardedOperation | undefined)[] = []
  #probing = 0

  constructor(parts: GuardHouseParts) {
    this.#parts = parts
    this.startedAt = parts.now()
  }

  /** Operations that have been called, by index. */
  get operations(): readonly (GuardedOperation | undefined)[] {
    return this.#operations
  }

  of(operation: OperationEntry): GuardedOperation {
    const known = this.#operations[operation.index]
    if (known !== undefined) return known
    const made = new GuardedOperation(operation.operationType)
    this.#operations[operation.index] = made
    return made
  }

  /** Asked before a token is accepted. Throws `not-allowed` when its operation is blocked or its arguments are held back. */
  admit(operation: OperationEntry, values: readonly unknown[], settings: SubmitSettings | undefined): void {
    const guarded = this.of(operation)
    if (guarded.block !== null) guarded.block.admit(this.#parts.now())
    if (values.length === 0 || settings?.approved === true || this.#parts.options.spikeDetection === 'off') return
    const spike = guarded.spikes.look(values, this.#spikeLimits())
    if (spike !== null) this.#spiked(guarded, spike, values, settings)
  }

  /** Told once an admitted call has become a token. */
  accepted(operation: OperationEntry, sequence: number): void {
    const guarded = this.#operations[operation.index]
    if (guarded?.block == null || guarded.probe !== 0) return
    guarded.probe = sequence
    this.#probing += 1
  }

  /** Refuses every call from now on. Throws `conflict` when it is blocked already. */
  block(operation: OperationEntry, reason: string, by: string): OperationBlock {
    const guarded = this.of(operation)
    if (guarded.block !== null) {
      throw new GuardhouseError('conflict', `operation ${JSON.stringify(guarded.operation)} is blocked already`)
    }
    // What a person blocks stays blocked until a person unblocks it.
    const why = reason === '' ? 'no reason was given' : reason
    return this.#block(guarded, why, by, Number.POSITIVE_INFINITY)
  }

  /** False when it was not blocked. */
  unblock(operation: OperationEntry, by: string): boolean {
    const guarded = this.#operations[operation.index]
    if (guarded?.block == null) return false
    this.#unblock(guarded, `by ${by}`)
    return true
  }

  /** Runs the call for real. `submit` makes the token and tells its id. Throws `not-found` and `conflict`. */
  approve(id: number, by: string, submit: (entry: QuarantineEntry & { values: readonly unknown[] }) => string) {
    const entry = this.quarantine.pendingEntry(id)
    const token = submit(entry)
    for (const guarded of this.#operations) {
      if (guarded?.operation === entry.operation) guarded.spikes.accept(entry.spike.input)
    }
    return this.quarantine.decide(id, 'approved', by, this.#parts.now(), token)
  }

  reject(id: number, by: string): QuarantineEntry {
    return this.quarantine.decide(id, 'rejected', by, this.#parts.now(), null)
  }

  tokensChanged(events: Iterable<ObservedToken>): void {
    for (const event of events) {
      if (event.kind === 'ended') this.#ended(event)
      else if (event.kind === 'again') {
        this.overflow.again(event.sequence)
        tellRetry(this.#parts.log, event)
      }
    }
  }

  #ended(token: ObservedToken): void {
    const { state, sequence } = token
    const guarded = this.of(token.operation)
    if (token.attempt > 1) this.overflow.ended(sequence, state === 'COMPLETED')
    const probed = this.#probing > 0 && guarded.probe === sequence
    if (state === 'KILLED') {
      guarded.reputation.killed += 1
      if (probed) this.#probeOver(guarded).probeWithdrawn()
      return
    }
    const ran = token.startedAt === 0 ? 0 : token.endedAt - token.startedAt
    const failure = state === 'COMPLETED' ? null : this.#failureKind(state, ran)
    guarded.reputation.record(failure, ran, token.endedAt)
    if (failure !== null) {
      if (token.error !== null) guarded.failures.record(token.error, sequence, token.endedAt)
      tellFailure(this.#parts.log, token)
    }
    const { worker } = token
    if (worker !== null && token.startedAt > 0) {
      const waited = token.startedAt - token.createdAt
      this.metrics.ended(token.operation.index, worker.core, failure !== null, waited / 1e6, ran / 1e6)
    }
    if (failure === null) this.#watchCost(guarded, ran)
    if (probed) this.#probeEnded(guarded, failure === null)
    else this.#judge(guarded, failure !== null)
  }

  #failureKind(state: ObservedToken['state'], ran: number): FailureKind {
    if (state === 'TIMEOUT') return 'timeout'
    return ran < this.#parts.options.quickFailureMs * 1000 ? 'quick' : 'error'
  }

  #watchCost(guarded: GuardedOperation, ran: number): void {
    if (this.#parts.options.spikeDetection === 'off') return
    const times = guarded.spikes.observe(ran, this.#spikeLimits())
    if (times === null) return
    const text = `a run of ${guarded.operation} took ${(ran / 1e6).toFixed(2)} s, ${times.toFixed(1)} times its average`
    this.#parts.onEvent({ kind: 'spike', operation: guarded.operation, text })
  }

  #judge(guarded: GuardedOperation, failed: boolean): void {
    guarded.attemptsSince += 1
    if (!failed) return
    guarded.failuresSince += 1
    const { autoBlockDangerous, blockMinimumAttempts, blockFailureRate, blockProbeMs } = this.#parts.options
    if (!autoBlockDangerous || guarded.block !== null || guarded.attemptsSince < blockMinimumAttempts) return
    if (guarded.failuresSince * 100 <= guarded.attemptsSince * blockFailureRate) return
    const reason = `${guarded.failuresSince} of ${guarded.attemptsSince} runs failed`
    this.#block(guarded, reason, 'guard house', blockProbeMs * 1000)
  }

  #block(guarded: GuardedOperation, reason: string, by: string, probeAfter: number): OperationBlock {
    guarded.block = new OperationBlock(guarded.operation, reason, by, this.#parts.now(), probeAfter)
    const text = `${guarded.operation} is blocked by ${by}: ${reason}`
    this.#parts.onEvent({ kind: 'blocked', operation: guarded.operation, text })
    return guarded.block
  }

  #unblock(guarded: GuardedOperation, how: string): void {
    if (guarded.probe !== 0) this.#probing -= 1
    guarded.block = null
    guarded.probe = 0
    guarded.attemptsSince = 0
    guarded.failuresSince = 0
    const text = `${guarded.operation} is unblocked ${how}`
    this.#parts.onEvent({ kind: 'unblocked', operation: guarded.operation, text })
  }

  #probeEnded(guarded: GuardedOperation, completed: boolean): void {
    if (completed) {
      this.#unblock(guarded, 'by a probe that completed')
      return
    }
    this.#probeOver(guarded).probeFailed(this.#parts.now(), this.#parts.options.blockProbeMs * 1000)
  }

  #probeOver(guarded: GuardedOperation): OperationBlock {
    guarded.probe = 0
    this.#probing -= 1
    if (guarded.block === null) throw new Error('assertion failed: only a blocked operation is probed')
    return guarded.block
  }

  #spiked(
    guarded: GuardedOperation,
    spike: Spike,
    values: readonly unknown[],
    settings: SubmitSettings | undefined,
  ): void {
    const { operation } = guarded
    const { input, average, deviation } = spike
    const reason = `arguments of about ${input.bytes.toLocaleString('en')} bytes in ${input.count.toLocaleString('en')} values are ${(deviation + 1).toFixed(1)} times the usual score of ${Math.round(average).toLocaleString('en')}`
    if (this.#parts.options.spikeDetection === 'report') {
      guarded.spikes.accept(input)
      this.#parts.onEvent({ kind: 'spike', operation, text: `a call of ${operation}: ${reason}` })
      return
    }
    guarded.block?.probeWithdrawn()
    const now = this.#parts.now()
    const { id } = this.quarantine.add(
      operation,
      spike,
      reason,
      values,
      settings,
      now,
      this.#parts.options.quarantineMax,
    )
    this.#parts.onEvent({ kind: 'quarantined', operation, text: `a call of ${operation} is in quarantine: ${reason}` })
    throw new GuardhouseError(
      'not-allowed',
      `this call of ${JSON.stringify(operation)} is in quarantine: its ${reason}`,
      {
        hint: `It is call ${id}: approve it on the Operations page or with quarantine.approve, and it runs; or set the option spikeDetection to report.`,
      },
    )
  }

  #spikeLimits() {
    const { spikeDeviation, spikeMinimumCalls } = this.#parts.options
    return { deviation: spikeDeviation, minimumCalls: spikeMinimumCalls }
  }
}
