import { receiveMessageOnPort } from 'node:worker_threads'
import { assertDefined } from '../../../shared/assert.ts'
import { type ErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { RegisteredOperation } from '../../../shared/model/runtime.ts'
import type { Clock } from '../../../shared/time.ts'
import { StartLog } from '../journal/start-log.ts'
import { WorkerThrottle } from '../throttle/worker-throttle.ts'
import { ActiveToken } from './active-token.ts'
import { CompletionWriter } from './completion-writer.ts'
import { isThenable, yieldToEvents } from './event-turns.ts'
import { loadOperation } from './load-operation.ts'
import { PayloadReader, payloadKinds } from './payload.ts'
import { ProcessWorker } from './process-worker.ts'
import { RingConsumer, recordDoubles, recordWords } from './ring.ts'
import { isTold, ToldCount } from './told-messages.ts'
import { Watching } from './watching.ts'
import {
  claimStates,
  type FromWorker,
  statusWords,
  submissionFields,
  type ToWorker,
  type WorkerData,
  type WorkerOperation,
} from './worker-protocol.ts'
import { WorkerRuntime } from './worker-runtime.ts'

// A burst of operations that never yield still lets timers and messages in this often (tokens).
const yieldEvery = 64
// Watching longer than a wake-up costs gains nothing; a wait this short, the wake-up included, was one. Microseconds.
const longestWatch = 40
const shortWait = 100

interface LoadedOperation {
  readonly definition: WorkerOperation
  /** Null until its module has been imported. */
  registered: RegisteredOperation | null
}

/**
 * Takes tokens from the mailbox one at a time and runs them. An asynchronous operation that has open children lends the
 * thread: others may run meanwhile, so a lead that awaits its children never blocks the lane they need.
 */
export class WorkerLoop {
  readonly #data: WorkerData
  readonly #clock: Clock
  readonly #mailbox: RingConsumer
  readonly #completions: CompletionWriter
  readonly #reader = new PayloadReader()
  readonly #status: Int32Array
  readonly #statusDoubles: Float64Array
  readonly #operations = new Map<number, LoadedOperation>()
  readonly #runtime: WorkerRuntime
  readonly #idleResources: number
  readonly #starts: StartLog | null
  /** Begun and not ended, by sequence. */
  readonly #active = new Map<number, ActiveToken>()
  readonly #pulls = new Map<number, (message: ToWorker) => void>()
  #process: ProcessWorker | null = null
  #heardAborts = 0
  /** The token whose operation was called last. */
  #current: ActiveToken | null = null
  /** The token whose operation is on the stack. */
  #calling: ActiveToken | null = null
  readonly #watching = new Watching()
  readonly #throttle: WorkerThrottle
  readonly #told = new ToldCount()
  /** The last wait was so short that watching may be cheaper than sleeping. */
  #shortWaits = false
  #wake: (() => void) | null = null

  constructor(data: WorkerData, clock: Clock) {
    this.#data = data
    this.#clock = clock
    this.#mailbox = new RingConsumer(data.submissions, data.size)
    this.#completions = new CompletionWriter(data, clock)
    this.#status = new Int32Array(data.status)
    this.#statusDoubles = new Float64Array(data.status)
    this.#runtime = new WorkerRuntime(
      (message, transfer) => this.#post(message, transfer),
      clock,
      () => this.#hearAborts(),
      () => this.#childrenChanged(),
    )
    this.#throttle = new WorkerThrottle(data.quota, data.core)
    this.#starts = data.startLog === null ? null : new StartLog(data.startLog)
    this.#defineOperations(data.operations)
    data.port.on('message', (message: ToWorker) => this.#receive(message))
    this.#idleResources = process.getActiveResourcesInfo().length
  }

  /** Runs until told to retire. */
  async run(): Promise<void> {
    let untilYield = yieldEvery
    for (;;) {
      if (this.#mayRetire()) break
      const number = this.#foreground() > 0 ? -1 : this.#mailbox.peek()
      if (number >= 0) {
        // What was told before this record was written is heard before it runs: a lead whose child may hold the thread for long
        // knows the child's id by then.
        if (this.#active.size > 0 && this.#receivePending()) {
          await yieldToEvents(true)
          continue
        }
        const began = this.#throttle.begin()
        const running = this.#take(number)
        if (running !== null) await running
        if (began !== null) await this.#throttle.rest(began, () => this.#mayRetire())
        else if (running === null && --untilYield > 0) continue
        untilYield = yieldEvery
        await yieldToEvents(this.#somethingPending())
      } else await this.#rest()
    }
    await this.#process?.dispose()
    this.#post({ type: 'retired' })
  }

  /** Told to retire, and nobody waits here for children that this mailbox may hold. */
  #mayRetire(): boolean {
    return this.#active.size === 0 && Atomics.load(this.#status, statusWords.retiring) === 1
  }

  #hearAborts(): void {
    const aborts = Atomics.load(this.#status, statusWords.aborts)
    if (aborts === this.#heardAborts) return
    this.#heardAborts = aborts
    this.#receivePending()
  }

  /** Claims one record and runs its token. Null when it ended at once; else a promise of the moment the thread is free again. */
  #take(number: number): Promise<void> | null {
    const mailbox = this.#mailbox
    const base = mailbox.place(number) * recordWords
    const doubles = mailbox.place(number) * recordDoubles
    const words = mailbox.words
    const claim = Atomics.compareExchange(words, base + submissionFields.claim, claimStates.queued, claimStates.claimed)
    const kind = words[base + submissionFields.payloadKind] ?? 0
    const arenaEnd = kind === payloadKinds.arena ? (words[base + submissionFields.arenaEnd] ?? 0) : null
    if (claim !== claimStates.queued) {
      mailbox.release(arenaEnd)
      return null
    }
    const slot = words[base + submissionFields.slot] ?? 0
    const sequence = mailbox.doubles[doubles + submissionFields.sequence] ?? 0
    const operation = words[base + submissionFields.operation] ?? 0
    const attempt = words[base + submissionFields.attempt] ?? 1
    const createdAt = mailbox.doubles[doubles + submissionFields.createdAt] ?? 0
    const startedAt = this.#began(slot, sequence)
    let values: unknown[] | null = null
    if (kind === payloadKinds.none) values = []
    else if (kind === payloadKinds.number) values = [mailbox.doubles[doubles + submissionFields.number]]
    else if (kind === payloadKinds.arena) {
      values = this.#reader.read(mailbox.arena, words[base + submissionFields.payloadOffset] ?? 0) as unknown[]
    }
    mailbox.release(arenaEnd)
    const loaded = this.#operation(operation)
    if (loaded === null) return this.#unknown(slot, sequence, attempt, createdAt, startedAt)
    const { operationType } = loaded.definition
    const token = new ActiveToken(this.#runtime, slot, sequence, operationType, attempt, createdAt, startedAt)
    if (values === null || loaded.registered === null) return this.#begin(token, loaded, values)
    return this.#call(token, loaded.registered, values)
  }

  /** The slow way in: arguments to be pulled or a module to be imported first. */
  async #begin(token: ActiveToken, loaded: LoadedOperation, values: unknown[] | null): Promise<void> {
    this.#active.set(token.sequence, token)
    try {
      const ready = values ?? (await this.#pull(token.sequence))
      const registered = loaded.registered ?? (await this.#load(loaded))
      this.#active.delete(token.sequence)
      // Loading is not the token's run: its time starts now.
      token.startedAt = this.#began(token.slot, token.sequence)
      const running = this.#call(token, registered, ready)
      if (running !== null) await running
    } catch (error) {
      this.#ended(token, toErrorData(error), null)
    }
  }

  #call(token: ActiveToken, registered: RegisteredOperation, values: unknown[]): Promise<void> | null {
    let value: unknown
    this.#starts?.begin(token.sequence, token.attempt)
    this.#current = token
    this.#calling = token
    try {
      value = this.#runtime.run(token, () =>
        (registered.run as (...args: unknown[]) => unknown).apply(registered.receiver(), values),
      )
    } catch (error) {
      this.#calling = null
      this.#ended(token, toErrorData(error, 'operation-failed'), null)
      return null
    }
    this.#calling = null
    if (!isThenable(value)) {
      this.#ended(token, null, value)
      return null
    }
    this.#active.set(token.sequence, token)
    if (token.lends) this.#childrenChanged()
    // Settled separately from what the loop awaits: the loop goes on as soon as the token lends the thread.
    Promise.resolve(value).then(
      (result) => this.#ended(token, null, result),
      (error: unknown) => this.#ended(token, toErrorData(error, 'operation-failed'), null),
    )
    return this.#untilFree()
  }

  #untilFree(): Promise<void> {
    if (this.#foreground() === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #began(slot: number, sequence: number): number {
    const now = this.#clock.now()
    this.#statusDoubles[statusWords.sinceDouble] = now
    this.#status[statusWords.runningSequence] = sequence | 0
    Atomics.store(this.#status, statusWords.running, slot + 1)
    return now
  }

  #ended(token: ActiveToken, error: ErrorData | null, value: unknown): void {
    this.#runtime.tellDropped(token)
    this.#active.delete(token.sequence)
    this.#starts?.end(token.sequence)
    token.end()
    this.#tellRunning()
    Atomics.store(this.#status, statusWords.lending, this.#active.size - this.#foreground())
    this.#completions.write(token, error, value)
    this.#freed()
  }

  #tellRunning(): void {
    // Whatever waits for children, the operation on the stack is what the thread runs.
    if (this.#calling !== null) return
    let slot = 0
    for (const token of this.#active.values()) {
      if (token.lends) continue
      slot = token.slot + 1
      this.#status[statusWords.runningSequence] = token.sequence | 0
      break
    }
    Atomics.store(this.#status, statusWords.running, slot)
  }

  /** Tokens that hold the thread for themselves. */
  #foreground(): number {
    if (this.#active.size === 0) return 0
    let count = 0
    for (const token of this.#active.values()) if (!token.lends) count += 1
    return count
  }

  #childrenChanged(): void {
    const lending = this.#active.size - this.#foreground()
    const before = Atomics.exchange(this.#status, statusWords.lending, lending)
    this.#tellRunning()
    // The mailbox has room for one more: its owner cannot know.
    if (lending > before) this.#post({ type: 'lends' })
    this.#freed()
  }

  #freed(): void {
    if (this.#wake === null || this.#foreground() > 0) return
    const wake = this.#wake
    this.#wake = null
    wake()
  }

  #somethingPending(): boolean {
    return this.#active.size > 0 || process.getActiveResourcesInfo().length > this.#idleResources
  }

  /** Nothing to take: sleep without turning the event loop when nothing in this thread needs it, else wait while it turns. */
  async #rest(): Promise<void> {
    const bell = this.#mailbox.bell()
    if (this.#receivePending()) return
    if (this.#foreground() > 0) return this.#untilFree()
    if (this.#mailbox.peek() >= 0 || this.#mayRetire()) return
    if (!this.#somethingPending()) {
      this.#sleep(bell)
      this.#receivePending()
      return
    }
    const rung = this.#mailbox.sleepAsync(bell)
    if (rung === null) return
    const freed = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    await Promise.race([rung, freed])
    this.#wake = null
    this.#mailbox.awake()
  }

  /** Going to sleep and being woken costs more than a short token: when the last wait was short, watch for the bell a moment first. */
  #sleep(bell: number): void {
    const from = this.#clock.now()
    if (this.#shortWaits && this.#watching.pays()) {
      const rung = () => this.#mailbox.bell() !== bell
      if (this.#watching.watch(rung, () => this.#clock.now(), from + longestWatch)) return
    }
    this.#mailbox.sleep(bell)
    this.#shortWaits = this.#data.mayWatch && this.#clock.now() - from < shortWait
  }

  #receivePending(): boolean {
    let any = false
    for (
      let next = receiveMessageOnPort(this.#data.port);
      next !== undefined;
      next = receiveMessageOnPort(this.#data.port)
    ) {
      this.#receive(next.message as ToWorker)
      any = true
    }
    return any
  }

  #receive(message: ToWorker): void {
    switch (message.type) {
      case 'operations':
        return this.#defineOperations(message.operations)
      case 'arguments':
      case 'arguments-failed':
        return this.#pulls.get(message.sequence)?.(message)
      case 'abort':
        this.#begun(message.sequence)?.abort(message.error)
        return this.#process?.abort(message.sequence, message.error)
      case 'end-process':
        return this.#process?.end(message.sequence, message.error)
      case 'retire':
        return this.#freed()
      default:
        if (this.#process?.receive(message) !== true) this.#runtime.receive(message)
    }
  }

  #begun(sequence: number): ActiveToken | undefined {
    return this.#current?.sequence === sequence ? this.#current : this.#active.get(sequence)
  }

  #pull(sequence: number): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      this.#pulls.set(sequence, (message) => {
        this.#pulls.delete(sequence)
        if (message.type === 'arguments') resolve([...message.values])
        else if (message.type === 'arguments-failed')
          reject(new GuardhouseError(message.error.kind, message.error.message, { hint: message.error.hint }))
      })
      this.#post({ type: 'pull', sequence })
    })
  }

  #defineOperations(operations: readonly WorkerOperation[]): void {
    for (const definition of operations) this.#operations.set(definition.index, { definition, registered: null })
  }

  /** Null when its module was taken away while the token was in the mailbox. */
  #operation(index: number): LoadedOperation | null {
    // The message that defines an operation is posted before the first record that uses it.
    if (!this.#operations.has(index)) this.#receivePending()
    return this.#operations.get(index) ?? null
  }

  #unknown(slot: number, sequence: number, attempt: number, createdAt: number, startedAt: number): null {
    const token = new ActiveToken(this.#runtime, slot, sequence, 'unknown', attempt, createdAt, startedAt)
    const error = new GuardhouseError('module-failed', 'the module of the operation is gone or does not load', {
      hint: 'Reload the workspace once it loads again, and submit the call again.',
    })
    this.#ended(token, toErrorData(error), null)
    return null
  }

  async #load(loaded: LoadedOperation): Promise<RegisteredOperation> {
    const { definition } = loaded
    loaded.registered = definition.processPool ? this.#inProcess(definition) : await loadOperation(definition)
    return loaded.registered
  }

  /** What stands in this thread for an operation that runs in the worker's process. */
  #inProcess(definition: WorkerOperation): RegisteredOperation {
    this.#process ??= new ProcessWorker(this.#data, {
      post: (message) => this.#post(message),
      began: (token) => {
        token.startedAt = this.#began(token.slot, token.sequence)
      },
      waitsChanged: () => this.#childrenChanged(),
    })
    return this.#process.operation(definition, () => assertDefined(this.#calling, 'a token calls it'))
  }

  #post(message: FromWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.#data.port.postMessage(message, transfer)
    if (isTold(message)) this.#told.mark(this.#begun(message.sequence))
  }
}
