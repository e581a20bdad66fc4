import { type ErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import { PayloadReader, payloadKinds } from './payload.ts'
import { recordDoubles, recordWords } from './ring.ts'
import { completionFields, completionStatuses, type FromWorker } from './worker-protocol.ts'
import type { WorkerThread } from './worker-thread.ts'

/** Takes completions out of a worker's ring. What one says is here until the next is read: an object for each would cost as much as reading it. */
export class CompletionReader {
  /** Of the scheduler's table. */
  slot = 0
  sequence = 0
  /** Engine microseconds. */
  startedAt = 0
  endedAt = 0
  /** Null: completed, with `value`. */
  error: ErrorData | null = null
  value: unknown
  /** Size of a result in place, or -1 when it came by port. */
  bytes = 0
  readonly #payload = new PayloadReader()

  /** Reads the completion at this place and gives the place back. `hear` gets first what its token told before it ended. */
  read(life: WorkerThread, place: number, hear: (message: FromWorker) => void): void {
    const ring = life.completions
    const base = place * recordWords
    const doubles = place * recordDoubles
    const { words, doubles: numbers } = ring
    const told = words[base + completionFields.told] ?? 0
    if (told !== 0) life.hearUntil(told, hear)
    this.slot = words[base + completionFields.slot] ?? 0
    this.sequence = numbers[doubles + completionFields.sequence] ?? 0
    this.startedAt = numbers[doubles + completionFields.startedAt] ?? 0
    this.endedAt = numbers[doubles + completionFields.endedAt] ?? 0
    this.error = null
    this.value = undefined
    this.bytes = 0
    const kind = words[base + completionFields.payloadKind]
    let arenaEnd: number | null = null
    if (kind === payloadKinds.number) this.value = numbers[doubles + completionFields.number]
    else if (kind === payloadKinds.arena) {
      this.value = this.#payload.read(ring.arena, words[base + completionFields.payloadOffset] ?? 0)
      this.bytes = words[base + completionFields.payloadBytes] ?? 0
      arenaEnd = words[base + completionFields.arenaEnd] ?? 0
    } else if (kind === payloadKinds.port) this.#take(life.outcomeOf(this.sequence, hear))
    const failed = words[base + completionFields.status] === completionStatuses.failed
    ring.release(arenaEnd)
    if (failed) this.error ??= toErrorData(new GuardhouseError('internal', 'the worker gave no reason'))
  }

  /** Lets go of what was read last, which may be large. */
  forget(): void {
    this.error = null
    this.value = undefined
  }

  #take(message: FromWorker): void {
    this.bytes = -1
    if (message.type === 'result') this.value = message.value
    else if (message.type === 'failure') this.error = message.error
  }
}
