import type { Tuple } from '../../../shared/model/bus.ts'
import type { Matcher } from './matcher.ts'
import { OrderedList, Place } from './ordered-list.ts'
import type { Taken } from './stores/tuple-store.ts'

/** Somebody who waits for a tuple. */
export interface Waiter {
  readonly matcher: Matcher
  readonly takes: boolean
  readonly leaseMs: number | null
  /** Order of arrival. */
  readonly position: number
  /** Milliseconds since 1970 UTC. */
  readonly since: number
  /** Who waits, for people. */
  readonly by: string
  /** The look into the store that is under way on its behalf. */
  attempt: Attempt | null
  /** Something arrived meanwhile. */
  again: boolean
  /** Ends it without a tuple; set when its time is over while a take is under way. */
  over: (() => void) | null
  readonly resolve: (taken: Taken) => void
  readonly reject: (error: unknown) => void
  place: Place<Waiter> | null
}

/** A look into the store under way. What it finds is for its owner, who may change meanwhile. */
export interface Attempt {
  owner: Waiter
}

type Queues = Map<string | null, Map<string | null, OrderedList<Waiter>>>

/** Waiters in order of arrival, by the lane and yool they name: what arrives is offered only to those it may suit. */
export class WaiterQueues {
  readonly #queues: Queues = new Map()
  size = 0

  add(waiter: Waiter): void {
    const list = this.#list(waiter.matcher)
    waiter.place = new Place(waiter, list)
    list.insert(waiter.place)
    this.size += 1
  }

  remove(waiter: Waiter): void {
    if (waiter.place === null) return
    const { list } = waiter.place
    list.remove(waiter.place)
    waiter.place = null
    this.size -= 1
    if (list.size > 0) return
    const { lane, yool } = waiter.matcher
    const byYool = this.#queues.get(lane)
    byYool?.delete(yool)
    if (byYool?.size === 0) this.#queues.delete(lane)
  }

  /** Those whose lane and yool suit the tuple, first come first. The list may change while it is read. */
  *suited({ lane, yool }: Tuple): Generator<Waiter> {
    const heads: (Place<Waiter> | null)[] = []
    const lanes = typeof lane === 'string' ? [lane, null] : [null]
    const yools = typeof yool === 'string' ? [yool, null] : [null]
    for (const one of lanes) {
      const byYool = this.#queues.get(one)
      if (byYool === undefined) continue
      for (const other of yools) {
        const first = byYool.get(other)?.first
        if (first !== undefined && first !== null) heads.push(first)
      }
    }
    for (;;) {
      let earliest = -1
      for (let index = 0; index < heads.length; index++) {
        const position = heads[index]?.item.position ?? Number.POSITIVE_INFINITY
        if (earliest < 0 || position < (heads[earliest]?.item.position ?? Number.POSITIVE_INFINITY)) earliest = index
      }
      const head = heads[earliest] ?? null
      if (head === null) return
      heads[earliest] = head.next
      yield head.item
    }
  }

  /** Everybody, first come first. */
  all(): Waiter[] {
    const waiters = [...this.#queues.values()].flatMap((byYool) => [...byYool.values()].flatMap((list) => [...list]))
    return waiters.sort((a, b) => a.position - b.position)
  }

  #list({ lane, yool }: Matcher): OrderedList<Waiter> {
    let byYool = this.#queues.get(lane)
    if (byYool === undefined) {
      byYool = new Map()
      this.#queues.set(lane, byYool)
    }
    let list = byYool.get(yool)
    if (list === undefined) {
      list = new OrderedList()
      byYool.set(yool, list)
    }
    return list
  }
}

/**
 * Who is to have what was taken for `waiter`: the first in line of those who want just the same for as long. It is the waiter itself
 * where its template asks for more than lane and yool. Looks into a shared store may overtake each other; whoever waits must not.
 */
export function firstInLine(waiter: Waiter): Waiter {
  if (waiter.place === null || !wantsAny(waiter)) return waiter
  for (const other of waiter.place.list) {
    if (other.position >= waiter.position) break
    if (other.leaseMs === waiter.leaseMs && other.over === null && wantsAny(other)) return other
  }
  return waiter
}

/** Any tuple of its lane and yool. */
function wantsAny({ matcher }: Waiter): boolean {
  return matcher.id === null && matcher.accepts === null
}
