/** What of the bus is looked at. */
export interface BusPlace {
  /** Name of a lane, or a template as JSON text; empty: everything. */
  readonly find: string
  /** Id of the open tuple. */
  readonly tuple: string | null
}

/** Reads the parts of the route after `bus`; what it does not know is as if it was not there. */
export function parseBusPlace(path: readonly string[]): BusPlace {
  let place: BusPlace = { find: '', tuple: null }
  for (let at = 0; at + 1 < path.length; at += 2) {
    const value = path[at + 1] ?? ''
    if (path[at] === 'find') place = { ...place, find: value }
    if (path[at] === 'tuple') place = { ...place, tuple: value }
  }
  return place
}

export function formatBusPlace({ find, tuple }: BusPlace): readonly string[] {
  return ['bus', ...(find === '' ? [] : ['find', find]), ...(tuple === null ? [] : ['tuple', tuple])]
}
