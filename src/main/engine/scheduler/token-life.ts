import { type ErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { PinnedWorker } from '../workers/pinned-worker.ts'
import type { Deadlines } from './deadlines.ts'
import { approximateBytes, previewOf, previewOfArguments } from './preview.ts'
import type { AcceptedBefore } from './restore-tokens.ts'
import type { SchedulerState } from './scheduler-state.ts'
import type { SubmitSettings } from './scheduler-types.ts'
import { hideValues } from './secret-values.ts'
import type { AfterAttempt, Retries } from './tags/retries.ts'
import { TokenHandle } from './token-handle.ts'
import { stateNumbers, tokenFlags } from './token-table.ts'
import { waitingSince } from './waiting-since.ts'

/** A killed token that waits for its children is looked at again after this long at the least, milliseconds. */
const shortestRecheckMs = 50

/** How long a thread may take to end its process, milliseconds. */
const processEndMs = 5000

/** Results and arguments up to this size are kept as they are for the inspector; of larger ones only a preview, bytes. */
const keptBytes = 4096

/** The steps of a token's life: every change of state goes through here, so that counts, times and whoever waits always agree. */
export class TokenLife {
  readonly #state: SchedulerState
  readonly #deadlines: Deadlines
  readonly #retries: Retries
  /** Told of every token that has ended. */
  readonly #ended: (slot: number) => void
  /** Told that a mailbox has room again though no worker reports it. */
  readonly #roomMade: () => void

  constructor(
    state: SchedulerState,
    deadlines: Deadlines,
    retries: Retries,
    ended: (slot: number) => void,
    roomMade: () => void,
  ) {
    this.#state = state
    this.#deadlines = deadlines
    this.#retries = retries
    this.#ended = ended
    this.#roomMade = roomMade
  }

  /** CREATED and at once WAITING. The operation exists; it can be run unless the token was `acceptedBefore`, by an earlier run of the host. */
  create(
    operationIndex: number,
    values: readonly unknown[],
    settings: SubmitSettings | undefined,
    acceptedBefore?: AcceptedBefore,
  ): TokenHandle {
    const { table, operations, gate } = this.#state
    const operation = operations.at(operationIndex)
    const slot = table.add(acceptedBefore?.sequence)
    const sequence = table.sequence[slot] ?? 0
    const handle = new TokenHandle(sequence)
    const timeout = settings?.timeout ?? operation.tags.timeout ?? 0
    const queueTimeout = settings?.queueTimeout ?? operation.tags.queueTimeout ?? 0
    const now = this.#state.now()
    table.operation[slot] = operationIndex
    table.weight[slot] = acceptedBefore?.weight ?? operation.weightNumber
    table.attempt[slot] = acceptedBefore?.attempt ?? 1
    table.parent[slot] = settings?.parent ?? 0
    table.createdAt[slot] = acceptedBefore === undefined ? now : this.#state.keepId(sequence, acceptedBefore.id)
    table.timeout[slot] = timeout
    table.queueTimeout[slot] = queueTimeout
    table.values[slot] = values
    table.handles[slot] = handle
    if (settings?.fromTuple === true) table.setFlag(slot, tokenFlags.fromTuple, true)
    if (settings?.secret === true) hideValues(this.#state, slot)
    if (settings?.transfer !== undefined && settings.transfer.length > 0)
      this.#state.extra(slot).transfer = settings.transfer
    if (acceptedBefore !== undefined) this.#state.rules.restored(slot)
    else if (operation.ruled || settings?.parent !== undefined) this.#state.rules.created(slot, operation.tags)
    table.move(slot, stateNumbers.WAITING)
    this.#state.count(slot, -1, stateNumbers.WAITING)
    gate.accept(slot)
    if (acceptedBefore === undefined) this.#state.observer.accepted(slot)
    if (queueTimeout > 0) this.#watchQueue(slot, sequence, now + queueTimeout * 1000)
    if (timeout > 0) this.#watchRun(slot, sequence, now + timeout * 1000)
    return handle
  }

  /** The worker has told that it took the token: ADMITTED becomes EXECUTING. */
  started(slot: number, at: number): void {
    const { table } = this.#state
    table.startedAt[slot] = at
    table.move(slot, stateNumbers.EXECUTING)
    this.#state.count(slot, stateNumbers.ADMITTED, stateNumbers.EXECUTING)
    this.#state.observer.started(slot)
  }

  /** The operation has returned or thrown. */
  finished(slot: number, error: ErrorData | null, value: unknown, bytes: number, endedAt: number): void {
    const { table, waits, runs } = this.#state
    const operation = this.#state.operationOf(slot)
    const startedAt = table.startedAt[slot] ?? endedAt
    const waited = startedAt - waitingSince(this.#state, slot)
    waits.add(waited)
    runs.add(endedAt - startedAt)
    operation.measure(waited, endedAt - startedAt)
    let last = error
    if (operation.tags.retry !== undefined) {
      const after = this.#afterAttempt(slot, error, endedAt)
      if (after.again) return
      last = after.error
    }
    this.#end(slot, last === null ? stateNumbers.COMPLETED : stateNumbers.FAILED, last, value, bytes, endedAt)
  }

  /** Its result is known without a run: it goes from where it waits to its end. */
  answered(slot: number, value: unknown, source: string): void {
    this.#state.gate.remove(slot)
    this.#state.extra(slot).answeredFrom = source
    // Of unknown size, like what is pulled from a worker.
    this.#end(slot, stateNumbers.COMPLETED, null, value, -1, this.#state.now())
  }

  /** Its thread died under the token. */
  lost(slot: number, error: ErrorData): void {
    const now = this.#state.now()
    let last: ErrorData | null = error
    if (this.#state.operationOf(slot).tags.retry !== undefined) {
      const after = this.#afterAttempt(slot, error, now)
      if (after.again) return
      last = after.error
    }
    this.#end(slot, stateNumbers.FAILED, last, undefined, 0, now)
  }

  /** An attempt of a token with the tag `retry` has ended. */
  #afterAttempt(slot: number, error: ErrorData | null, endedAt: number): AfterAttempt {
    return this.#retries.ended(slot, error, endedAt, (_, from) => {
      const queueTimeout = this.#state.table.queueTimeout[slot] ?? 0
      const sequence = this.#state.table.sequence[slot] ?? 0
      if (queueTimeout > 0) this.#watchQueue(slot, sequence, from + queueTimeout * 1000)
    })
  }

  /** Ends a token that has not ended, whatever it is doing. Its worker is told by `release`. */
  end(slot: number, state: 'FAILED' | 'KILLED' | 'TIMEOUT', error: ErrorData): void {
    this.#release(slot, error)
    // It ended by what was heard from its thread meanwhile.
    if (this.#state.table.isTerminal(slot)) return
    this.#end(slot, stateNumbers[state], error, undefined, 0, this.#state.now())
  }

  /** Takes the token from wherever it is: its queue, its mailbox, or the hands of its operation. */
  #release(slot: number, error: ErrorData): void {
    const { table, gate } = this.#state
    if (table.state[slot] === stateNumbers.WAITING) {
      gate.remove(slot)
      return
    }
    const worker = this.#state.workerOf(slot)
    // Without a thread the token is in nobody's hands.
    if (worker === null || !worker.started) return
    const sequence = table.sequence[slot] ?? 0
    if (worker.cancel(table.record[slot] ?? 0, sequence)) {
      this.#state.coreOf(worker).load -= 1
      this.#roomMade()
      return
    }
    // What it has told so far belongs to its record, which closes now.
    worker.hear()
    if (table.isTerminal(slot)) return
    if (table.state[slot] === stateNumbers.ADMITTED) this.started(slot, this.#startOf(slot, worker))
    table.setFlag(slot, tokenFlags.stopping, true)
    this.#state.stopping.set(sequence, worker)
    worker.abort(sequence, error)
    const inProcess = this.#state.operationOf(slot).tags.processPool === true
    this.#deadlines.add(this.#state.now() + this.#state.options.killGraceMs * 1000, () =>
      this.#graceOver(slot, sequence, worker, inProcess),
    )
  }

  /** When a claimed token began: exact if it runs now. */
  #startOf(slot: number, worker: PinnedWorker): number {
    return worker.runs(slot, this.#state.table.sequence[slot] ?? 0) ? worker.runningSince() : this.#state.now()
  }

  /** The operation ignored its signal: only the end of its thread ends it. A token that waits for children holds no thread; it is looked at again when they may have ended. */
  #graceOver(slot: number, sequence: number, worker: PinnedWorker, inProcess: boolean): void {
    if (this.#state.stopping.get(sequence) !== worker) return
    if (!worker.runs(slot, sequence) && this.#waitsForChildren(slot, sequence)) {
      const later = this.#state.now() + Math.max(shortestRecheckMs, this.#state.options.killGraceMs) * 1000
      this.#deadlines.add(later, () => this.#graceOver(slot, sequence, worker, inProcess))
      return
    }
    const what = inProcess ? 'process' : 'thread'
    const error = toErrorData(
      new GuardhouseError(
        'worker-lost',
        `the ${what} was replaced because token ${this.#state.idOf(slot)} did not stop within ${this.#state.options.killGraceMs} ms`,
        { hint: `Let long operations look at context().signal, so that a kill does not cost a ${what}.` },
      ),
    )
    if (!inProcess) return worker.terminate(error)
    worker.send({ type: 'end-process', sequence, error })
    // Should the thread not get round to it, it has to go itself.
    const later = this.#state.now() + processEndMs * 1000
    this.#deadlines.add(later, () => this.#graceOver(slot, sequence, worker, false))
  }

  #leaveParent(parent: number): void {
    const slot = parent > 0 ? this.#state.table.find(parent) : -1
    const extra = slot < 0 ? null : this.#state.table.extras[slot]
    if (extra != null) extra.liveChildren -= 1
  }

  #waitsForChildren(slot: number, sequence: number): boolean {
    const { table } = this.#state
    return table.sequence[slot] === sequence && (table.extras[slot]?.liveChildren ?? 0) > 0
  }

  #end(slot: number, to: number, error: ErrorData | null, value: unknown, bytes: number, endedAt: number): void {
    const { table } = this.#state
    const from = table.state[slot] ?? 0
    table.endedAt[slot] = endedAt
    table.move(slot, to)
    this.#state.count(slot, from, to)
    table.errors[slot] = error
    if (error !== null && to === stateNumbers.FAILED) this.#state.operationOf(slot).lastError = error
    this.#state.observer.ended(slot, value)
    this.#keepForShow(slot, value, bytes)
    this.#leaveParent(table.parent[slot] ?? 0)
    if (table.has(slot, tokenFlags.marked)) this.#state.rules.ended(slot, table.has(slot, tokenFlags.stopping))
    const handle = table.handles[slot]
    table.handles[slot] = null
    handle?.settle(error, value)
    const extra = table.extras[slot]
    if (extra != null) {
      const { listeners } = extra
      extra.listeners = []
      extra.transfer = null
      for (const listener of listeners) listener(value)
    }
    this.#ended(slot)
    table.finish(slot)
  }

  /** What the inspector may show later, within bounds: history must not keep a large argument alive. */
  #keepForShow(slot: number, value: unknown, bytes: number): void {
    const { table } = this.#state
    if (table.has(slot, tokenFlags.secret)) {
      table.values[slot] = null
      return
    }
    if (bytes < 0 && approximateBytes(value) > keptBytes) this.#state.extra(slot).resultPreview = previewOf(value)
    else table.results[slot] = value
    const values = table.values[slot]
    // Whether they fit a record shows at placement: of a token that never came so far, look.
    const mayBeLarge = table.has(slot, tokenFlags.pulled) || table.admittedAt[slot] === 0
    if (mayBeLarge && values != null && approximateBytes(values) > keptBytes) {
      this.#state.extra(slot).argumentsPreview ??= previewOfArguments(values)
      table.values[slot] = null
    }
  }

  #watchQueue(slot: number, sequence: number, at: number): void {
    const { table } = this.#state
    const attempt = table.attempt[slot]
    this.#deadlines.add(at, () => {
      if (table.attempt[slot] !== attempt) return
      if (table.sequence[slot] !== sequence || table.isTerminal(slot) || this.#running(slot)) return
      this.end(slot, 'TIMEOUT', timeoutError(`waited longer than its queueTimeout of ${table.queueTimeout[slot]} ms`))
    })
  }

  // Nobody is told when a run starts, so look at the instant it could be over at the earliest, and again when it could be over in truth.
  #watchRun(slot: number, sequence: number, at: number): void {
    this.#deadlines.add(at, (now) => {
      const { table } = this.#state
      if (table.sequence[slot] !== sequence || table.isTerminal(slot)) return
      const limit = (table.timeout[slot] ?? 0) * 1000
      if (!this.#running(slot)) return this.#watchRun(slot, sequence, now + limit)
      const due = this.#runningSince(slot) + limit
      if (due > now) return this.#watchRun(slot, sequence, due)
      this.end(slot, 'TIMEOUT', timeoutError(`ran longer than its timeout of ${table.timeout[slot]} ms`))
    })
  }

  #running(slot: number): boolean {
    const { table } = this.#state
    if (table.state[slot] === stateNumbers.EXECUTING) return true
    const worker = this.#state.workerOf(slot)
    return (
      table.state[slot] === stateNumbers.ADMITTED &&
      worker?.claimed(table.record[slot] ?? 0, table.sequence[slot] ?? 0) === true
    )
  }

  #runningSince(slot: number): number {
    const { table } = this.#state
    if (table.state[slot] === stateNumbers.ADMITTED) {
      const worker = this.#state.workerOf(slot)
      if (worker !== null) this.started(slot, this.#startOf(slot, worker))
    }
    return table.startedAt[slot] ?? 0
  }

  /** Brings tokens that have begun to EXECUTING, so that what people see is what is. */
  observeRunning(): void {
    const { table, workers } = this.#state
    for (const worker of workers) {
      const slot = worker.runningSlot()
      if (slot < 0 || table.state[slot] !== stateNumbers.ADMITTED) continue
      if (!worker.runs(slot, table.sequence[slot] ?? 0)) continue
      this.started(slot, worker.runningSince())
    }
  }
}

function timeoutError(why: string): ErrorData {
  return toErrorData(
    new GuardhouseError('timeout', `the token ${why}`, {
      hint: 'Raise the limit, or see where its time went in the inspector.',
    }),
  )
}
