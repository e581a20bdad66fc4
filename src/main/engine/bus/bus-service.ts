import { GuardhouseError } from '../../../shared/errors.ts'
import type { Template, Tuple, TupleInput } from '../../../shared/model/bus.ts'
import type { TokenState } from '../../../shared/model/token.ts'
import type { ContextService, ServiceCaller } from '../scheduler/context-services.ts'
import type { LentTuple } from './lent-tuple.ts'
import type { TupleSpace } from './tuple-space.ts'

/** Lent to a token for this long, and renewed while it lives: only a host that dies lets it run out. Milliseconds. */
const leaseMs = 30_000
const renewEveryMs = 10_000

/** What running operations reach as `context().bus`. What a token takes is lent to it until it ends. */
export class BusService implements ContextService, Disposable {
  readonly #space: TupleSpace
  /** By token and tuple. */
  readonly #lent = new Map<number, Map<string, LentTuple>>()
  readonly #renewing: NodeJS.Timeout

  constructor(space: TupleSpace) {
    this.#space = space
    this.#renewing = setInterval(() => this.#renew(), renewEveryMs)
    this.#renewing.unref()
  }

  call(method: string, [first, second]: readonly unknown[], caller: ServiceCaller): Promise<unknown> {
    switch (method) {
      case 'out':
        return this.#space.out(first as TupleInput, {
          by: nameOf(caller),
          signal: caller.signal,
          ...(second === undefined ? {} : { timeoutMs: second as number | null }),
        })
      case 'in':
        return this.#take(first as Template, second as number | null, caller)
      case 'rd':
        return this.#space.rd(first as Template, {
          timeoutMs: second as number | null,
          signal: caller.signal,
          by: nameOf(caller),
        })
      case 'acknowledge':
        return this.#end(caller.sequence, first as string, (lent) => lent.acknowledge())
      case 'giveBack':
        return this.#end(caller.sequence, first as string, (lent) => lent.giveBack())
      default:
        throw new GuardhouseError('bad-request', `the bus has no method ${method}`)
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#renewing)
  }

  async #take(template: Template, timeoutMs: number | null, caller: ServiceCaller): Promise<Tuple | null> {
    const lent = await this.#space.lend(template, { timeoutMs, signal: caller.signal, leaseMs, by: nameOf(caller) })
    if (lent === null) return null
    let tuples = this.#lent.get(caller.sequence)
    if (tuples === undefined) {
      tuples = new Map()
      this.#lent.set(caller.sequence, tuples)
      tuples.set(lent.tuple.id, lent)
      // At once when it has ended meanwhile.
      caller.onEnd((state) => this.#tokenEnded(caller.sequence, state))
    } else tuples.set(lent.tuple.id, lent)
    return lent.tuple
  }

  #tokenEnded(sequence: number, state: TokenState): void {
    const tuples = this.#lent.get(sequence)
    this.#lent.delete(sequence)
    for (const lent of tuples?.values() ?? []) {
      // What the store cannot be told now comes back by itself when the lease is over.
      const settled = state === 'COMPLETED' ? lent.acknowledge() : lent.giveBack()
      settled.catch(() => undefined)
    }
  }

  async #end(sequence: number, id: string, end: (lent: LentTuple) => Promise<boolean>): Promise<boolean> {
    const tuples = this.#lent.get(sequence)
    const lent = tuples?.get(id)
    if (lent === undefined) return false
    tuples?.delete(id)
    return end(lent)
  }

  #renew(): void {
    for (const tuples of this.#lent.values()) {
      for (const lent of tuples.values()) lent.renew(leaseMs).catch(() => undefined)
    }
  }
}

function nameOf({ id, operationType }: ServiceCaller): string {
  return id === '' ? operationType : id
}
