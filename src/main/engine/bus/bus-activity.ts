import type { Tuple } from '../../../shared/model/bus.ts'
import type { SpaceObserver } from './space-observers.ts'

/** One `out` and the `in` it satisfied. */
export interface BusMatch {
  /** Milliseconds since 1970 UTC. */
  readonly at: number
  readonly id: string
  readonly lane: string | null
  readonly yool: string | null
  /** Who put it; empty when that is no longer known. */
  readonly from: string
  readonly to: string
  /** How long the taker had waited for it; 0 when it was there. */
  readonly waitedMs: number
}

/** A match, and the token that came of it; null while there is none, or when it was never made. */
export interface LedMatch extends BusMatch {
  readonly token: string | null
}

export interface LaneRates {
  readonly lane: string | null
  readonly put: number
  readonly taken: number
  /** In a second, over the last ones. */
  readonly putRate: number
  readonly takenRate: number
}

export type BusEvent =
  | {
      readonly kind: 'out'
      readonly at: number
      readonly id: string
      readonly lane: string | null
      readonly by: string
    }
  | ({ readonly kind: 'in' } & BusMatch)

const keptMatches = 500
const keptProducers = 20_000
const keptLanes = 2000
const rateOverMs = 5000

interface LaneMeter {
  put: number
  taken: number
  /** Counts at the begin of the present and of the previous interval. */
  marks: { at: number; put: number; taken: number }[]
}

/** What passed through the space lately: bounded, for people who watch. */
export class BusActivity implements SpaceObserver {
  readonly #matches: (BusMatch & { token: string | null })[] = []
  /** By tuple: its newest match among these. */
  readonly #newest = new Map<string, BusMatch & { token: string | null }>()
  readonly #producers = new Map<string, string>()
  readonly #lanes = new Map<string | null, LaneMeter>()
  readonly #listeners = new Set<(event: BusEvent) => void>()

  offered(tuple: Tuple, by: string): void {
    if (by === '') return
    this.#producers.set(tuple.id, by)
    if (this.#producers.size > keptProducers) dropFirst(this.#producers)
  }

  put(tuple: Tuple, by: string): void {
    const lane = laneOf(tuple)
    this.#meter(lane).put += 1
    if (this.#listeners.size > 0) this.#tell({ kind: 'out', at: Date.now(), id: tuple.id, lane, by })
  }

  taken(tuple: Tuple, by: string, waitedMs: number): void {
    const lane = laneOf(tuple)
    this.#meter(lane).taken += 1
    const from = this.producerOf(tuple.id)
    const yool = typeof tuple.yool === 'string' ? tuple.yool : null
    const match = { at: Date.now(), id: tuple.id, lane, yool, from, to: by, waitedMs }
    const kept = { ...match, token: null }
    this.#matches.push(kept)
    this.#newest.set(tuple.id, kept)
    if (this.#matches.length > keptMatches * 2) this.#forgetOldest()
    if (this.#listeners.size > 0) this.#tell({ kind: 'in', ...match })
  }

  returned(): void {
    // Back where it was: its next taking is counted again.
  }

  /** A token is made of a tuple that was taken; the first one where several are. */
  led(tuple: string, token: string): void {
    const match = this.#newest.get(tuple)
    if (match !== undefined) match.token ??= token
  }

  /** Who put a tuple: a token, a lane, or the name of a program. Empty when that is not known. */
  producerOf(id: string): string {
    return this.#producers.get(id) ?? ''
  }

  /** Newest first. */
  matches(limit: number): LedMatch[] {
    return this.#matches.slice(-Math.min(limit, keptMatches)).reverse()
  }

  rates(): LaneRates[] {
    const now = Date.now()
    return [...this.#lanes].map(([lane, meter]) => {
      const since = markOf(meter, now)
      const seconds = Math.max(0.5, (now - since.at) / 1000)
      const putRate = (meter.put - since.put) / seconds
      return { lane, put: meter.put, taken: meter.taken, putRate, takenRate: (meter.taken - since.taken) / seconds }
    })
  }

  subscribe(listener: (event: BusEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #forgetOldest(): void {
    for (const match of this.#matches.splice(0, keptMatches)) {
      if (this.#newest.get(match.id) === match) this.#newest.delete(match.id)
    }
  }

  #tell(event: BusEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  #meter(lane: string | null): LaneMeter {
    let meter = this.#lanes.get(lane)
    if (meter === undefined) {
      meter = { put: 0, taken: 0, marks: [{ at: Date.now(), put: 0, taken: 0 }] }
      this.#lanes.set(lane, meter)
      if (this.#lanes.size > keptLanes) dropFirst(this.#lanes)
    }
    return meter
  }
}

/** The newest mark that is old enough to measure from. */
function markOf(meter: LaneMeter, now: number): { at: number; put: number; taken: number } {
  const { marks } = meter
  const newest = marks.at(-1) ?? { at: now, put: meter.put, taken: meter.taken }
  if (now - newest.at >= rateOverMs / 5) marks.push({ at: now, put: meter.put, taken: meter.taken })
  while (marks.length > 1 && now - (marks[1]?.at ?? now) >= rateOverMs) marks.shift()
  return marks[0] ?? newest
}

function laneOf({ lane }: Tuple): string | null {
  return typeof lane === 'string' ? lane : null
}

function dropFirst(map: Map<unknown, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key)
    return
  }
}
