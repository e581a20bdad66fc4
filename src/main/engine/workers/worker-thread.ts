import { join } from 'node:path'
import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads'
import { type ErrorData, toErrorData } from '../../../shared/errors.ts'
import { endThread } from './native-loading.ts'
import { PayloadWriter, payloadKinds } from './payload.ts'
import { allocateRing, RingConsumer, RingProducer, type RingSize, recordDoubles, recordWords } from './ring.ts'
import type { BareThread, ThreadSource } from './thread-source.ts'
import { ToldCount } from './told-messages.ts'
import type { MonotonicClock } from './worker-clock.ts'
import {
  claimStates,
  type FromWorker,
  maxArenaPayload,
  statusBytes,
  submissionFields,
  type WorkerData,
  type WorkerOperation,
} from './worker-protocol.ts'

export interface WorkerPlace {
  readonly core: number
  readonly slot: number
  readonly cpu: number
}

/** What a child process of a worker is started with. */
export interface ProcessSettings {
  readonly entry: URL
  readonly sdkEntry: URL
  readonly codeCache?: string | undefined
  readonly heapMiB: () => number
}

export interface WorkerSettings {
  readonly size: RingSize
  readonly threads: ThreadSource
  readonly processes: ProcessSettings
  readonly clock: MonotonicClock
  readonly mayWatch: boolean
  readonly quota?: SharedArrayBuffer | undefined
  /** Folder of the start logs; absent without a journal. */
  readonly startsFolder?: string | undefined
}

/** What a mailbox takes of a token, by its slot: columns, because an object for each would be garbage at once. */
export interface TokenColumns {
  readonly sequence: Float64Array
  readonly operation: Int32Array
  readonly attempt: Uint16Array
  readonly createdAt: Float64Array
  readonly values: readonly (readonly unknown[] | null)[]
}

/** One life of a worker's thread. A new life gets new rings, so that nothing of the dead one can be mistaken for it. */
export class WorkerThread {
  readonly thread: Worker
  readonly port: MessagePort
  readonly submissions: RingProducer
  readonly completions: RingConsumer
  readonly status: Int32Array
  readonly statusDoubles: Float64Array
  /** Its old-generation heap, MiB. */
  readonly heapMiB: number
  /** Why it ends, once that is known. */
  error: ErrorData | null = null
  retiring = false
  /** Whether the arguments of the token pushed last stay behind. */
  lastPulled = false
  alive = true
  abandonTimer: NodeJS.Timeout | undefined
  /** A question for its heap is under way. */
  heapQuestion = false
  /** Told messages that were heard. */
  readonly told = new ToldCount()
  readonly #outcomes = new Map<number, FromWorker>()
  readonly #writer = new PayloadWriter()
  readonly #bare: BareThread
  /** No record before this one is still queued. */
  #oldest = 0

  constructor(place: WorkerPlace, bare: BareThread, settings: WorkerSettings, operations: readonly WorkerOperation[]) {
    const channel = new MessageChannel()
    const submissions = allocateRing(settings.size)
    const completions = allocateRing(settings.size)
    const status = new SharedArrayBuffer(statusBytes)
    const { size, mayWatch, quota, startsFolder, processes } = settings
    const { epoch, epochWall } = settings.clock
    const data: WorkerData = {
      ...place,
      submissions,
      completions,
      size,
      status,
      port: channel.port2,
      mayWatch,
      quota,
      epoch,
      epochWall,
      process: {
        entry: processes.entry.href,
        sdkEntry: processes.sdkEntry.href,
        codeCache: processes.codeCache,
        heapMiB: processes.heapMiB(),
      },
      operations,
      startLog: startsFolder === undefined ? null : join(startsFolder, `${place.core}-${place.slot}`),
    }
    this.port = channel.port1
    this.submissions = new RingProducer(submissions, size)
    this.completions = new RingConsumer(completions, size)
    this.status = new Int32Array(status)
    this.statusDoubles = new Float64Array(status)
    this.#bare = bare
    const { thread, heapMiB } = this.#bare
    this.thread = thread
    this.heapMiB = heapMiB
    thread.postMessage(data, [channel.port2])
    this.thread.on('error', (error: unknown) => {
      this.error = threadError(error)
    })
  }

  /**
   * Writes a token behind the others; returns its record number, or -1 when the ring is full. The worker hears of it at the next bell.
   * `pulled`: its arguments stay behind until the worker asks for them.
   */
  push(tokens: TokenColumns, slot: number, pulled: boolean): number {
    const ring = this.submissions
    const number = ring.next()
    if (number < 0) return -1
    const base = ring.place(number) * recordWords
    const doubles = ring.place(number) * recordDoubles
    const { words } = ring
    if (pulled) words[base + submissionFields.payloadKind] = payloadKinds.port
    else this.#writeArguments(base, doubles, tokens.values[slot] ?? [])
    this.lastPulled = words[base + submissionFields.payloadKind] === payloadKinds.port
    words[base + submissionFields.slot] = slot
    words[base + submissionFields.operation] = tokens.operation[slot] ?? 0
    words[base + submissionFields.attempt] = tokens.attempt[slot] ?? 1
    ring.doubles[doubles + submissionFields.sequence] = tokens.sequence[slot] ?? 0
    ring.doubles[doubles + submissionFields.createdAt] = tokens.createdAt[slot] ?? 0
    Atomics.store(words, base + submissionFields.claim, claimStates.queued)
    ring.publish()
    return number
  }

  /** Takes a token back before it runs. False when the worker has it already. */
  cancel(number: number, sequence: number): boolean {
    if (!this.#holds(number, sequence)) return false
    return this.#cancelRecord(number) === claimStates.queued
  }

  /** Takes the oldest token of the mailbox back that has not begun and that `mayTake` (null: any) allows; returns its table slot, or -1 when there is none. */
  reclaimOldest(mayTake: ((slot: number) => boolean) | null): number {
    const ring = this.submissions
    const newest = ring.newest()
    let skipped = false
    for (let number = Math.max(this.#oldest, ring.oldest()); number <= newest; number++) {
      const slot = ring.words[ring.place(number) * recordWords + submissionFields.slot] ?? -1
      if (mayTake !== null && this.#isQueued(number) && !mayTake(slot)) {
        skipped = true
        continue
      }
      if (!skipped) this.#oldest = number + 1
      if (this.#cancelRecord(number) === claimStates.queued) return slot
    }
    return -1
  }

  #isQueued(number: number): boolean {
    const claim = this.submissions.place(number) * recordWords + submissionFields.claim
    return Atomics.load(this.submissions.words, claim) === claimStates.queued
  }

  /** True once the worker has taken the token from its mailbox. */
  claimed(number: number, sequence: number): boolean {
    if (!this.#holds(number, sequence)) return true
    const claim = this.submissions.place(number) * recordWords + submissionFields.claim
    return Atomics.load(this.submissions.words, claim) === claimStates.claimed
  }

  /** Ends the thread as soon as it can be ended. */
  end(): void {
    void endThread(this.#bare)
  }

  /** Keeps the message that belongs to a completion until its record is read. */
  keepOutcome(message: Extract<FromWorker, { type: 'result' | 'failure' }>): void {
    this.#outcomes.set(message.sequence, message)
  }

  /** The message that belongs to a completion. It was posted before the record, so it has arrived or waits in the port; `receive` gets what lies before it. */
  outcomeOf(sequence: number, receive: (message: FromWorker) => void): FromWorker {
    for (;;) {
      const known = this.#outcomes.get(sequence)
      if (known !== undefined) {
        this.#outcomes.delete(sequence)
        return known
      }
      const next = receiveMessageOnPort(this.port)
      if (next === undefined) throw new Error(`the outcome of token ${sequence} was announced and never sent`)
      receive(next.message as FromWorker)
    }
  }

  /** Receives what lies in the port up to the told message of this number. It was posted before whoever names it, so it is there. */
  hearUntil(number: number, receive: (message: FromWorker) => void): void {
    while (this.told.lacks(number)) {
      const next = receiveMessageOnPort(this.port)
      if (next === undefined) return
      receive(next.message as FromWorker)
    }
  }

  /** Receives what lies in the port. */
  hear(receive: (message: FromWorker) => void): void {
    for (let next = receiveMessageOnPort(this.port); next !== undefined; next = receiveMessageOnPort(this.port)) {
      receive(next.message as FromWorker)
    }
  }

  // The place of a record may serve a later token by now: then this one was taken long ago.
  #holds(number: number, sequence: number): boolean {
    const ring = this.submissions
    return ring.doubles[ring.place(number) * recordDoubles + submissionFields.sequence] === sequence
  }

  #cancelRecord(number: number): number {
    const ring = this.submissions
    const claim = ring.place(number) * recordWords + submissionFields.claim
    return Atomics.compareExchange(ring.words, claim, claimStates.queued, claimStates.cancelled)
  }

  #encode(offset: number, values: readonly unknown[]): number {
    try {
      return this.#writer.write(this.submissions.arena, offset, maxArenaPayload, values)
    } catch {
      // A getter or proxy among the arguments threw. It will throw again when the port clones them, and there the token fails with it.
      return -1
    }
  }

  #writeArguments(base: number, doubles: number, values: readonly unknown[]): void {
    const ring = this.submissions
    const { words } = ring
    if (values.length === 0) {
      words[base + submissionFields.payloadKind] = payloadKinds.none
      return
    }
    const [first] = values
    if (values.length === 1 && typeof first === 'number') {
      words[base + submissionFields.payloadKind] = payloadKinds.number
      ring.doubles[doubles + submissionFields.number] = first
      return
    }
    const offset = ring.reserveArena(maxArenaPayload)
    const bytes = offset < 0 ? -1 : this.#encode(offset, values)
    if (bytes < 0) {
      words[base + submissionFields.payloadKind] = payloadKinds.port
      return
    }
    words[base + submissionFields.payloadKind] = payloadKinds.arena
    words[base + submissionFields.payloadOffset] = offset
    words[base + submissionFields.arenaEnd] = ring.commitArena(offset, bytes)
  }
}

function threadError(error: unknown): ErrorData {
  const data = toErrorData(error, 'worker-lost')
  const outOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return {
    ...data,
    kind: 'worker-lost',
    message: outOfMemory
      ? 'the worker ran out of heap'
      : `the worker died of an error outside of a token: ${data.message}`,
    hint: outOfMemory
      ? 'Raise the option workerHeapMiB, or keep less in memory.'
      : 'An exception in a timer or an unhandled rejection ends the thread: catch it where it happens.',
    cause: data,
  }
}
