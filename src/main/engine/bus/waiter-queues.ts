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
  line: Line | null
  /** Its places among all who wait for the same, and among those who are offered what comes; null while it is not among them. */
  place: Place<Waiter> | null
  turn: Place<Waiter> | null
}

/** A look into the store under way. What it finds is for its owner, who may change meanwhile. */
export interface Attempt {
  owner: Waiter
}

/** Those who wait for one lane and yool. */
class Line {
  readonly all = new OrderedList<Waiter>()
  /** Of those who want any tuple of it: for whom nothing looks into the store now. */
  readonly idle = new OrderedList<Waiter>()
  /** Those whose template or predicate asks for more. */
  readonly picky = new OrderedList<Waiter>()
  #missed = 0

  /** Those who want any tuple, and for whom something looks into the store. */
  get #busy(): number {
    return this.all.size - this.idle.size - this.picky.size
  }

  /** A tuple came while nobody was idle: for one more of the busy ones there may be something where nothing is found. */
  miss(): void {
    this.#missed = Math.min(this.#missed + 1, this.#busy)
  }

  /** True: a busy one that has found nothing is to look again. */
  looksAgain(): boolean {
    if (this.#missed === 0) return false
    this.#missed -= 1
    return true
  }

  left(): void {
    this.#missed = Math.min(this.#missed, this.#busy)
  }
}

type Lines = Map<string | null, Map<string | null, Line>>

/**
 * Waiters in order of arrival, by the lane and yool they name: what arrives is offered only to those it may suit. However many
 * wait for any tuple of a lane, an offer looks at one of them.
 */
export class WaiterQueues {
  readonly #lines: Lines = new Map()
  size = 0

  add(waiter: Waiter): void {
    const line = this.#lineOf(waiter.matcher)
    waiter.line = line
    waiter.place = new Place(waiter, line.all)
    line.all.insert(waiter.place)
    this.size += 1
    this.#takeTurn(waiter, line)
  }

  remove(waiter: Waiter): void {
    const { place, turn, line } = waiter
    if (place === null || line === null) return
    line.all.remove(place)
    if (turn !== null) turn.list.remove(turn)
    waiter.place = null
    waiter.turn = null
    this.size -= 1
    line.left()
    if (line.all.size > 0) return
    const { lane, yool } = waiter.matcher
    const byYool = this.#lines.get(lane)
    byYool?.delete(yool)
    if (byYool?.size === 0) this.#lines.delete(lane)
  }

  /** Something looks into the store on behalf of the waiter. */
  looks(waiter: Waiter): void {
    if (waiter.turn === null || !wantsAny(waiter)) return
    waiter.turn.list.remove(waiter.turn)
    waiter.turn = null
  }

  /** That has found nothing. True: something came meanwhile, so that it is to look again; else it is idle. */
  foundNothing(waiter: Waiter): boolean {
    const { line } = waiter
    if (line === null || waiter.turn !== null) return false
    if (line.looksAgain()) return true
    this.#takeTurn(waiter, line)
    return false
  }

  /** That could not be done: whatever came meanwhile, the waiter is idle. */
  failed(waiter: Waiter): void {
    if (waiter.line !== null && waiter.turn === null) this.#takeTurn(waiter, waiter.line)
  }

  /** To whom a tuple is to be offered, first come first: those who ask for more than lane and yool, and idle ones. The lists may change meanwhile. */
  *offered(tuple: Tuple): Generator<Waiter> {
    yield* merged(this.#suited(tuple).flatMap(({ idle, picky }) => [idle, picky]))
  }

  /** Nobody could be offered it at once: those who are looked for may find it. */
  missed(tuple: Tuple): void {
    for (const line of this.#suited(tuple)) line.miss()
  }

  /** Those whose lane and yool suit the tuple, first come first. The lists may change meanwhile. */
  *suited(tuple: Tuple): Generator<Waiter> {
    yield* merged(this.#suited(tuple).map(({ all }) => all))
  }

  /** Everybody, first come first. */
  all(): Waiter[] {
    const waiters = [...this.#lines.values()].flatMap((byYool) => [...byYool.values()].flatMap(({ all }) => [...all]))
    return waiters.sort((a, b) => a.position - b.position)
  }

  #takeTurn(waiter: Waiter, line: Line): void {
    waiter.turn = new Place(waiter, wantsAny(waiter) ? line.idle : line.picky)
    waiter.turn.list.insert(waiter.turn)
  }

  #suited({ lane, yool }: Tuple): Line[] {
    const lines: Line[] = []
    for (const one of typeof lane === 'string' ? [lane, null] : [null]) {
      const byYool = this.#lines.get(one)
      if (byYool === undefined) continue
      for (const other of typeof yool === 'string' ? [yool, null] : [null]) {
        const line = byYool.get(other)
        if (line !== undefined) lines.push(line)
      }
    }
    return lines
  }

  #lineOf({ lane, yool }: Matcher): Line {
    let byYool = this.#lines.get(lane)
    if (byYool === undefined) {
      byYool = new Map()
      this.#lines.set(lane, byYool)
    }
    let line = byYool.get(yool)
    if (line === undefined) {
      line = new Line()
      byYool.set(yool, line)
    }
    return line
  }
}

/** The waiters of several lists, first come first. */
function* merged(lists: readonly OrderedList<Waiter>[]): Generator<Waiter> {
  const heads = lists.map(({ first }) => first)
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
