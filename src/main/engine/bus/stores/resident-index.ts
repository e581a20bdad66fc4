import type { Tuple } from '../../../../shared/model/bus.ts'
import { type Matcher, matches } from '../matcher.ts'
import { OrderedList, Place } from '../ordered-list.ts'

/** A tuple in the memory store. */
export interface Resident {
  readonly tuple: Tuple
  /** Order of arrival; kept when a tuple is lent and comes back. */
  readonly position: number
  /** Its places in the lists that it is in. */
  places: readonly Place<Resident>[]
  deliveries: number
  lease: { readonly holder: string; until: number } | null
  /** It could not be written down, so it was never accepted. */
  refused: boolean
}

class Lane {
  readonly all = new OrderedList<Resident>()
  readonly byYool = new NamedLists()

  get size(): number {
    return this.all.size
  }
}

/** Entries by name. Names come and go without end: empty entries are kept for their return, but swept when they crowd. */
class Named<Entry extends { readonly size: number }> {
  readonly #entries = new Map<string, Entry>()
  readonly #make: () => Entry
  #sweepAt = 1024

  constructor(make: () => Entry) {
    this.#make = make
  }

  get(name: string): Entry | undefined {
    return this.#entries.get(name)
  }

  getOrMake(name: string): Entry {
    let entry = this.#entries.get(name)
    if (entry === undefined) {
      if (this.#entries.size >= this.#sweepAt) this.#sweep()
      entry = this.#make()
      this.#entries.set(name, entry)
    }
    return entry
  }

  #sweep(): void {
    for (const [name, entry] of this.#entries) if (entry.size === 0) this.#entries.delete(name)
    this.#sweepAt = Math.max(1024, this.#entries.size * 2)
  }
}

class NamedLists extends Named<OrderedList<Resident>> {
  constructor() {
    super(() => new OrderedList())
  }
}

/** Residents that can be taken, by lane, by yool and by both, each in order of arrival. */
export class ResidentIndex {
  readonly #all = new OrderedList<Resident>()
  readonly #lanes = new Named(() => new Lane())
  readonly #yools = new NamedLists()

  get size(): number {
    return this.#all.size
  }

  add(resident: Resident): void {
    const { lane, yool } = resident.tuple
    const places = [new Place(resident, this.#all)]
    if (typeof lane === 'string') {
      const entry = this.#lanes.getOrMake(lane)
      places.push(new Place(resident, entry.all))
      if (typeof yool === 'string') places.push(new Place(resident, entry.byYool.getOrMake(yool)))
    }
    if (typeof yool === 'string') places.push(new Place(resident, this.#yools.getOrMake(yool)))
    resident.places = places
    for (const place of places) place.list.insert(place)
  }

  remove(resident: Resident): void {
    for (const place of resident.places) place.list.remove(place)
    resident.places = noPlaces
  }

  /** The oldest that matches. Throws what the caller's predicate throws. */
  find(matcher: Matcher): Resident | null {
    for (let place = this.listFor(matcher)?.first ?? null; place !== null; place = place.next) {
      if (matcher.accepts === null || matcher.accepts(place.item.tuple)) {
        if (matcher.id === null || matches(matcher, place.item.tuple)) return place.item
      }
    }
    return null
  }

  /** The shortest list that has every match of lane and yool. */
  listFor({ lane, yool }: Matcher): OrderedList<Resident> | null {
    if (lane === null) return yool === null ? this.#all : (this.#yools.get(yool) ?? null)
    const entry = this.#lanes.get(lane)
    if (entry === undefined) return null
    return yool === null ? entry.all : (entry.byYool.get(yool) ?? null)
  }
}

const noPlaces: readonly Place<Resident>[] = []
