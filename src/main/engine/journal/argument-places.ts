import { keptApart, recordBytes, recordKinds, valueFormats } from './journal-record.ts'
import { unpackOthers } from './packed-records.ts'
import { SegmentView } from './segment.ts'
import { DamagedSegment } from './sqlite-error.ts'

interface Places {
  /** Ascending. */
  readonly sequences: Float64Array
  /** The word of a record that holds its kind and the format of its arguments. */
  readonly packed: Float64Array
  readonly at: Float64Array
  readonly length: Float64Array
}

/**
 * Where in a segment the small plain arguments of tokens are. A search for text needs nothing else of the many records that come by every second, so
 * they are not unpacked for it. Throws `DamagedSegment`.
 */
export class ArgumentPlaces {
  readonly #places: Places | null

  constructor(stored: { readonly records: Uint8Array; readonly count: number }) {
    const places = placesOf(stored)
    // Tokens are accepted in the order of their numbers; where other records are among them, the long way knows better.
    this.#places = isAscending(places.sequences) ? places : null
  }

  /** The number to ask `at` and `length` with; -1 when the token has no such arguments here. */
  find(sequence: number): number {
    const places = this.#places
    if (places === null) return -1
    let low = 0
    let high = places.sequences.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((places.sequences[middle] ?? 0) < sequence) low = middle + 1
      else high = middle
    }
    if (places.sequences[low] !== sequence) return -1
    const packed = places.packed[low] ?? 0
    const format = packed >>> 24
    const isPlain = format === valueFormats.plain || format === valueFormats.none
    return (packed & 255) === recordKinds.accepted && isPlain && this.at(low) !== keptApart ? low : -1
  }

  at(place: number): number {
    return this.#places?.at[place] ?? 0
  }

  /** 0 for none at all. */
  length(place: number): number {
    return this.#places?.length[place] ?? 0
  }
}

function placesOf({ records, count }: { readonly records: Uint8Array; readonly count: number }): Places {
  if (records.byteLength === count * recordBytes) return placesInView(new SegmentView(records, count))
  try {
    return unpackOthers(records, count)
  } catch (error) {
    throw new DamagedSegment(error)
  }
}

function placesInView(view: SegmentView): Places {
  const records = Array.from({ length: view.count }, (_, record) => record).filter(
    (record) => view.kind(record) === recordKinds.accepted,
  )
  return {
    sequences: Float64Array.from(records, (record) => view.sequence(record)),
    packed: Float64Array.from(records, (record) => recordKinds.accepted | (view.argumentsFormat(record) << 24)),
    at: Float64Array.from(records, (record) => view.argumentsAt(record)),
    length: Float64Array.from(records, (record) => view.argumentsLength(record)),
  }
}

/** None twice. */
function isAscending(sequences: Float64Array): boolean {
  for (let at = 1; at < sequences.length; at++) if ((sequences[at - 1] ?? 0) >= (sequences[at] ?? 0)) return false
  return true
}
