import { type ErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { Clock } from '../../../shared/time.ts'
import type { ActiveToken } from './active-token.ts'
import { PayloadWriter, payloadKinds } from './payload.ts'
import { RingProducer, recordDoubles, recordWords } from './ring.ts'
import {
  completionFields,
  completionStatuses,
  type FromWorker,
  maxArenaPayload,
  type WorkerData,
} from './worker-protocol.ts'

/** Writes how tokens ended into the completion ring: small plain results in place, everything else by port. */
export class CompletionWriter {
  readonly #data: WorkerData
  readonly #clock: Clock
  readonly #ring: RingProducer
  readonly #writer = new PayloadWriter()

  constructor(data: WorkerData, clock: Clock) {
    this.#data = data
    this.#clock = clock
    this.#ring = new RingProducer(data.completions, data.size)
  }

  /** `error` null: the token completed with `value`. */
  write(token: ActiveToken, error: ErrorData | null, value: unknown): void {
    const ring = this.#ring
    // Leads that waited for their children may end in greater number than the ring has places.
    while (ring.next() < 0) ring.waitForPlace()
    const number = ring.next()
    const base = ring.place(number) * recordWords
    const doubles = ring.place(number) * recordDoubles
    const endedAt = this.#clock.now()
    const failed = this.#payload(token, error, value, base, doubles)
    ring.words[base + completionFields.status] = failed ? completionStatuses.failed : completionStatuses.completed
    ring.words[base + completionFields.slot] = token.slot
    ring.words[base + completionFields.told] = token.told
    ring.doubles[doubles + completionFields.sequence] = token.sequence
    ring.doubles[doubles + completionFields.startedAt] = token.startedAt
    ring.doubles[doubles + completionFields.endedAt] = endedAt
    ring.publish()
    ring.ring()
  }

  /** Returns true when the token failed. */
  #payload(token: ActiveToken, error: ErrorData | null, value: unknown, base: number, doubles: number): boolean {
    const { words, doubles: numbers } = this.#ring
    if (error !== null) {
      words[base + completionFields.payloadKind] = payloadKinds.port
      this.#post({ type: 'failure', sequence: token.sequence, error })
      return true
    }
    if (value === undefined) {
      words[base + completionFields.payloadKind] = payloadKinds.none
      return false
    }
    if (typeof value === 'number') {
      words[base + completionFields.payloadKind] = payloadKinds.number
      numbers[doubles + completionFields.number] = value
      return false
    }
    if (this.#inArena(value, base)) return false
    words[base + completionFields.payloadKind] = payloadKinds.port
    try {
      this.#post({ type: 'result', sequence: token.sequence, value })
      return false
    } catch (cause) {
      const refused = new GuardhouseError(
        'not-cloneable',
        `the result of ${token.operationType} cannot leave its worker: ${cause instanceof Error ? cause.message : String(cause)}`,
        { hint: 'Return plain data: no functions, sockets, streams or class instances with such inside.', cause },
      )
      this.#post({ type: 'failure', sequence: token.sequence, error: toErrorData(refused) })
      return true
    }
  }

  #inArena(value: unknown, base: number): boolean {
    const ring = this.#ring
    const offset = ring.reserveArena(maxArenaPayload)
    if (offset < 0) return false
    const bytes = this.#encode(offset, value)
    if (bytes < 0) return false
    ring.words[base + completionFields.payloadKind] = payloadKinds.arena
    ring.words[base + completionFields.payloadOffset] = offset
    ring.words[base + completionFields.payloadBytes] = bytes
    ring.words[base + completionFields.arenaEnd] = ring.commitArena(offset, bytes)
    return true
  }

  #encode(offset: number, value: unknown): number {
    try {
      return this.#writer.write(this.#ring.arena, offset, maxArenaPayload, value)
    } catch {
      // A getter or proxy in the result threw. It will throw again when the port clones it, and there the token fails with it.
      return -1
    }
  }

  #post(message: FromWorker): void {
    this.#data.port.postMessage(message)
  }
}
