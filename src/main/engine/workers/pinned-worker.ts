import { assertDefined } from '../../../shared/assert.ts'
import { type ErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { Binding } from '../../../shared/model/core.ts'
import { CompletionReader } from './completion-reader.ts'
import { isTold } from './told-messages.ts'
import { WorkerProcess } from './worker-process.ts'
import { type FromWorker, statusWords, type ToWorker, type WorkerOperation } from './worker-protocol.ts'
import { type TokenColumns, type WorkerPlace, type WorkerSettings, WorkerThread } from './worker-thread.ts'

/** What the worker tells its owner. Called synchronously while a drain is under way: an owner that settles promises defers its own work. */
export interface WorkerOwner {
  /** `error` null: completed with `value`. `bytes`: size of a result in place, or -1 when it came by port. */
  ended(
    worker: PinnedWorker,
    slot: number,
    sequence: number,
    error: ErrorData | null,
    value: unknown,
    bytes: number,
    startedAt: number,
    endedAt: number,
  ): void
  /** The completions of one burst have all been told. */
  drained(worker: PinnedWorker): void
  message(worker: PinnedWorker, message: FromWorker): void
  /** The thread is gone; every completion it had written has been told before. `planned`: it was told to retire. */
  gone(
    worker: PinnedWorker,
    cause: ErrorData,
    planned: boolean,
    wasClaimed: (record: number, sequence: number) => boolean,
  ): void
}

// A thread that has not ended this long after it was told to never will; milliseconds.
const abandonAfter = 2000

// Drains in a row before the event loop gets a turn.
const maxBurst = 16

// Completions that are worth interrupting a wait for more: handing out the next tokens costs as much for one as for several.
const worthHearing = 8

// What a token costs its worker beside its run, microseconds; measured under no-op tokens.
const overheadPerToken = 1

/** One (core, slot): a mailbox that outlives the threads that serve it. */
export class PinnedWorker {
  readonly core: number
  readonly slot: number
  readonly cpu: number
  binding: Binding | null = null
  /** Tokens in the mailbox or begun. */
  depth = 0
  executed = 0
  /** Run time of the token that ended last on this thread, microseconds; infinite before the first, whose module may still have to load. */
  newestRun = Number.POSITIVE_INFINITY
  /** How long the thread took to begin when it was rung with nothing to do, microseconds: at once the longest, then forgotten by and by. */
  wakeTime = 0
  restarts = 0
  /** Its child process, for operations that run in one. */
  readonly process = new WorkerProcess()
  /** Its threads die while they start: none is started until its owner says so. */
  resting = false
  /** When the newest thread was started, and when it was ready (0 before); engine microseconds. */
  startedAt = 0
  readyAt = 0
  readonly #settings: WorkerSettings
  readonly #owner: WorkerOwner
  readonly #completion = new CompletionReader()
  #life: WorkerThread | null = null
  /** When it was rung with nothing to do before: -1 between the first push and the bell, 0 once it has begun. Engine microseconds. */
  #rungAt = 0
  #disposed = false
  #onGone: (() => void) | null = null

  constructor(place: WorkerPlace, settings: WorkerSettings, owner: WorkerOwner) {
    this.core = place.core
    this.slot = place.slot
    this.cpu = place.cpu
    this.#settings = settings
    this.#owner = owner
  }

  get started(): boolean {
    return this.#life !== null
  }

  /** Whether the newest thread, which may be gone by now, came so far as to take tokens. */
  get wasReady(): boolean {
    return this.readyAt > this.startedAt
  }

  get ready(): boolean {
    return this.#life !== null && this.wasReady
  }

  /** False when the ring is full: tokens taken back leave their places in it until the worker comes by. */
  get hasPlace(): boolean {
    return !this.resting && (this.#life === null || this.#life.submissions.next() >= 0)
  }

  /** Tokens ahead of a new one: leads that wait for their children are behind it. */
  get ahead(): number {
    return this.depth === 0 ? 0 : this.depth - this.lending()
  }

  /** Tokens behind the one that runs or is about to. */
  get backlog(): number {
    return this.depth < 2 ? 0 : Math.max(0, this.depth - this.lending() - 1)
  }

  /** How long what is in the mailbox will still wait there, microseconds: by what ran last, and by what runs longer than that already. */
  expectedWait(now: number): number {
    const { backlog } = this
    if (backlog === 0) return 0
    const running = this.runningSlot() < 0 ? 0 : now - this.runningSince()
    return Math.max(running, backlog * (this.newestRun + overheadPerToken))
  }

  /** Starts the thread unless it runs. */
  start(operations: readonly WorkerOperation[]): void {
    if (this.#life !== null || this.#disposed || this.resting) return
    this.startedAt = this.#settings.clock.now()
    this.readyAt = 0
    this.newestRun = Number.POSITIVE_INFINITY
    const { threads } = this.#settings
    const bare = this.restarts === 0 ? threads.start() : threads.replacement()
    const life = new WorkerThread({ core: this.core, slot: this.slot, cpu: this.cpu }, bare, this.#settings, operations)
    this.#life = life
    life.port.on('message', (message: FromWorker) => this.#receive(life, message))
    life.thread.on('exit', (code) => this.#gone(life, code))
    this.#listen(life)
  }

  /** Puts a token into the mailbox of the running thread; returns its record number, or -1 when there is no place. */
  push(tokens: TokenColumns, slot: number, pulled: boolean): number {
    const number = assertDefined(this.#life, 'a worker is started before it gets a token').push(tokens, slot, pulled)
    if (number < 0) return number
    if (this.depth === 0) this.#rungAt = -1
    this.depth += 1
    return number
  }

  /** Whether the arguments of the token pushed last stay behind until the worker asks for them. */
  get lastPulled(): boolean {
    return this.#life?.lastPulled === true
  }

  ring(): void {
    if (this.#rungAt < 0) this.#rungAt = this.#settings.clock.now()
    this.#life?.submissions.ring()
  }

  /** Takes a token back before it runs. False when the worker has it already. */
  cancel(record: number, sequence: number): boolean {
    if (this.#life?.cancel(record, sequence) !== true) return false
    this.depth -= 1
    return true
  }

  /** Takes the oldest token of the mailbox back that has not begun and that `mayTake` (null: any) allows; returns its table slot, or -1 when there is none. */
  reclaimOldest(mayTake: ((slot: number) => boolean) | null = null): number {
    const slot = this.#life?.reclaimOldest(mayTake) ?? -1
    if (slot >= 0) this.depth -= 1
    return slot
  }

  /** True once the worker has taken the token from its mailbox. */
  claimed(record: number, sequence: number): boolean {
    return this.#life?.claimed(record, sequence) === true
  }

  /**
   * Watches the completion ring until it holds several (or all that are under way) or `deadline` has come, engine microseconds, and tells
   * what it finds. False when it found nothing.
   */
  lookForCompletion(deadline: number): boolean {
    const life = this.#life
    if (life === null || !this.wasReady) return false
    const ring = life.completions
    const { clock } = this.#settings
    ring.watch()
    const enough = Math.min(this.depth, worthHearing)
    let heard = ring.waiting() >= enough
    while (!heard && clock.now() < deadline) {
      for (let glance = 0; glance < 20 && !heard; glance++) heard = ring.waiting() >= enough
    }
    ring.unwatch()
    // Looked at once more after the bell is armed again: a record that came in between would ring for nobody.
    if (ring.peek() < 0) return false
    this.#drain(life)
    return true
  }

  /** Table slot of the token that holds the thread, or -1. */
  runningSlot(): number {
    return this.#life === null ? -1 : Atomics.load(this.#life.status, statusWords.running) - 1
  }

  /** True when the token of this slot and sequence holds the thread. */
  runs(slot: number, sequence: number): boolean {
    if (this.#life === null || this.runningSlot() !== slot) return false
    return this.#life.status[statusWords.runningSequence] === (sequence | 0)
  }

  runningSince(): number {
    return this.#life?.statusDoubles[statusWords.sinceDouble] ?? 0
  }

  /** Tokens begun on this thread that wait for their children. */
  lending(): number {
    return this.#life === null ? 0 : Atomics.load(this.#life.status, statusWords.lending)
  }

  /** Hears what its tokens have told so far. */
  hear(): void {
    const life = this.#life
    if (life !== null) life.hear((message) => this.#receive(life, message))
  }

  /** Asks the operation to stop; it may ignore it. */
  abort(sequence: number, error: ErrorData): void {
    if (this.#life === null) return
    // It may ignore that, and then its thread is replaced.
    this.#settings.threads.prepare()
    this.send({ type: 'abort', sequence, error })
    Atomics.add(this.#life.status, statusWords.aborts, 1)
  }

  /** Lets what runs finish, then ends the thread; its owner hears `gone` with `planned`. */
  retire(): void {
    if (this.#life === null || this.#life.retiring) return
    this.#life.retiring = true
    Atomics.store(this.#life.status, statusWords.retiring, 1)
    this.send({ type: 'retire' })
  }

  /** Ends the thread now; its owner hears `gone`. */
  terminate(cause: ErrorData): void {
    const life = this.#life
    if (life === null) return
    life.error ??= cause
    life.end()
    // V8 compiles some endless loops without a point at which they could be stopped, and a call into the system may wait for ever.
    // Such a thread is left behind; the mailbox goes on.
    life.abandonTimer ??= setTimeout(() => {
      life.error = {
        ...cause,
        message: `${cause.message}; nothing can interrupt what it does, so the old thread stays, with the CPU it may use, until that ends or the host does`,
      }
      this.#gone(life, -1)
    }, abandonAfter)
  }

  /** Ends the thread when its heap is beyond the limit. Resolves to what is used, bytes; 0 when nobody answers, or the thread is ending already. */
  async checkHeap(): Promise<number> {
    const life = this.#life
    if (life === null || life.heapQuestion || life.error !== null) return 0
    life.heapQuestion = true
    // Rejects when the thread ends before it answers; then there is nothing to check.
    const used = await life.thread.getHeapStatistics().then(
      (statistics) => statistics.used_heap_size,
      () => 0,
    )
    life.heapQuestion = false
    const limit = life.heapMiB
    if (used <= limit * 2 ** 20 || !life.alive) return used
    const error = new GuardhouseError('worker-lost', `the worker ran out of heap: it used more than ${limit} MiB`, {
      hint: 'Raise the option workerHeapMiB, or keep less in memory.',
    })
    this.terminate(toErrorData(error))
    return used
  }

  /** Throws a DataCloneError when the message cannot cross. */
  send(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.#life?.port.postMessage(message, transfer)
    this.ring()
  }

  /** Resolves when the thread is gone, or cannot be ended and is left behind. */
  async dispose(): Promise<void> {
    this.#disposed = true
    if (this.#life === null) return
    await this.process.end()
    const gone = new Promise<void>((resolve) => {
      this.#onGone = resolve
    })
    this.terminate({ kind: 'stopped', message: 'the scheduler was stopped' })
    await gone
  }

  /** Waits for the bell of the completion ring without blocking, for as long as the thread lives. */
  #listen(life: WorkerThread): void {
    let burst = 0
    const wait = () => {
      if (!life.alive) return
      const seen = life.completions.bell()
      this.#drain(life)
      const rung = life.completions.sleepAsync(seen)
      if (rung !== null) {
        void rung.then(() => {
          life.completions.awake()
          wait()
        })
        return
      }
      // A worker that never falls silent must not keep messages and timers out of this thread.
      burst += 1
      if (burst % maxBurst === 0) setImmediate(wait)
      else queueMicrotask(wait)
    }
    wait()
  }

  #drain(life: WorkerThread): void {
    const ring = life.completions
    let number = ring.peek()
    if (number < 0) return
    const completion = this.#completion
    const hear = (message: FromWorker) => this.#receive(life, message)
    for (; number >= 0; number = ring.peek()) {
      completion.read(life, ring.place(number), hear)
      this.#tell(completion)
    }
    completion.forget()
    this.#owner.drained(this)
  }

  #tell({ slot, sequence, error, value, bytes, startedAt, endedAt }: CompletionReader): void {
    this.depth -= 1
    this.executed += 1
    this.newestRun = endedAt - startedAt
    if (this.#rungAt > 0) this.#began(startedAt)
    this.#owner.ended(this, slot, sequence, error, value, bytes, startedAt, endedAt)
  }

  #began(at: number): void {
    const took = at - this.#rungAt
    this.wakeTime = Math.max(took, this.wakeTime * 0.75 + took * 0.25)
    this.#rungAt = 0
  }

  #receive(life: WorkerThread, message: FromWorker): void {
    if (isTold(message)) life.told.next()
    switch (message.type) {
      case 'result':
      case 'failure':
        life.keepOutcome(message)
        return
      case 'retired':
        life.retiring = true
        life.end()
        return
      case 'ready':
        this.binding = message.binding
        this.readyAt = this.#settings.clock.now()
        this.#settings.threads.workerReady()
        break
      case 'process':
        this.process.told(message.pid)
    }
    this.#owner.message(this, message)
  }

  #gone(life: WorkerThread, code: number): void {
    if (!life.alive) return
    clearTimeout(life.abandonTimer)
    // What it had finished before it died is finished.
    this.#drain(life)
    life.hear((message) => (isTold(message) ? this.#receive(life, message) : undefined))
    life.alive = false
    // Wakes the pending wait on the dead ring, so that it is let go.
    life.completions.ring()
    const planned = life.retiring && life.error === null
    const cause = life.error ?? {
      kind: 'worker-lost' as const,
      message: `the worker thread ended with exit code ${code}`,
      hint: 'An operation must not call process.exit: it ends its worker, and every token that runs there.',
    }
    life.port.close()
    this.process.orphaned()
    this.#life = null
    this.binding = null
    this.depth = 0
    this.#onGone?.()
    if (this.#disposed) return
    this.restarts += 1
    this.#owner.gone(this, cause, planned, (record, sequence) => life.claimed(record, sequence))
  }
}
