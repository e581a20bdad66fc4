import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ArgumentPlaces } from './argument-places.ts'
import { type Accepted, BatchWriter, type Ended } from './journal-batch.ts'
import { recordBytes, recordKinds } from './journal-record.ts'
import { packRecords, unpackRecords } from './packed-records.ts'
import { SegmentView } from './segment.ts'

const time = fc.oneof(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.constant(Number.NaN), fc.integer({ min: 0 }))
const natural = fc.oneof(fc.nat(), fc.constant(1), fc.maxSafeNat())
const byte = fc.nat({ max: 7 })
const accepted: fc.Arbitrary<Accepted> = fc.record({
  sequence: natural,
  attempt: fc.nat(),
  operation: fc.nat(),
  created: fc.double({ min: 0, max: 1e12, noNaN: true }),
  weight: byte,
  parent: natural,
  timeout: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  queueTimeout: fc.nat(),
  flags: byte,
})
const ended: fc.Arbitrary<Ended> = fc.record({
  sequence: natural,
  attempt: fc.nat(),
  state: byte,
  admitted: time,
  started: time,
  ended: time,
  core: byte,
  slot: byte,
  position: byte,
  flags: byte,
})
const token = {
  attempt: 1,
  operation: 3,
  created: 1e9 / 7,
  weight: 1,
  parent: 0,
  timeout: 0,
  queueTimeout: 0,
  flags: 0,
}
const end = { attempt: 1, state: 4, admitted: 1, started: 2, ended: 3, core: 1, slot: 0, position: 0, flags: 0 }

const step = fc.oneof(
  accepted.map((token) => (batch: BatchWriter) => batch.accepted(token)),
  ended.map((token) => (batch: BatchWriter) => batch.ended(token, '')),
  fc.tuple(natural, fc.nat()).map(
    ([sequence, attempt]) =>
      (batch: BatchWriter) =>
        batch.again(sequence, attempt),
  ),
)

/** Everything that records say. */
function told(records: Uint8Array, count: number): unknown[] {
  const view = new SegmentView(records, count)
  return Array.from({ length: count }, (_, index) => {
    const kind = view.kind(index)
    if (kind === recordKinds.ended) return view.ended(index)
    return { ...view.accepted(index), kind }
  })
}

/** Where the arguments of the tokens among the first thousand are. */
function placesOf(records: Uint8Array, count: number): unknown[] {
  const places = new ArgumentPlaces({ records, count })
  return Array.from({ length: 1000 }, (_, sequence) => {
    const place = places.find(sequence)
    return place < 0 ? null : [places.at(place), places.length(place)]
  })
}

function roundedTimes(entry: unknown): unknown {
  const record = { ...(entry as Record<string, number>) }
  for (const name of ['created', 'admitted', 'started', 'ended']) {
    if (record[name] !== undefined) record[name] = Math.round(record[name] * 1000) / 1000
  }
  return record
}

test('packed records come back as they were, their times to the nanosecond', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const batch = new BatchWriter()
      for (const each of steps) each(batch)
      const { records, count } = batch.take()
      const before = told(new Uint8Array(records), count)
      const after = told(unpackRecords(packRecords(records, count), count), count)
      expect(after.map(roundedTimes)).toEqual(before.map(roundedTimes))
    }),
  )
})

test('where the arguments of tokens are is read alike from packed records and from others', () => {
  for (const fewer of [0, 5]) {
    const batch = new BatchWriter()
    for (let sequence = 1; sequence <= 10 - fewer; sequence++) {
      batch.value([sequence, 'x'.repeat(sequence)], 4096)
      batch.accepted({ ...token, sequence: sequence * 10 })
      batch.ended({ ...end, sequence: sequence * 10 }, '')
    }
    const { records, count } = batch.take()
    const plain = placesOf(new Uint8Array(records, 0, count * recordBytes), count)
    expect(placesOf(packRecords(records, count), count)).toEqual(plain)
    expect(plain.filter((place) => place !== null)).toHaveLength(10 - fewer)
  }
})

test('records of a burst take less than a quarter of their size', () => {
  const batch = new BatchWriter()
  for (let sequence = 1; sequence <= 1000; sequence++) {
    batch.value([sequence], 4096)
    batch.accepted({ ...token, sequence })
  }
  for (let sequence = 1; sequence <= 1000; sequence++) {
    batch.value(sequence, 4096)
    const admitted = (sequence * 1000) / 3
    const times = { admitted, started: admitted + 0.5, ended: admitted + sequence / 7 }
    batch.ended({ sequence, attempt: 1, state: 4, ...times, core: 1, slot: 0, position: sequence % 4, flags: 0 }, '')
  }
  const { records, count } = batch.take()
  expect(packRecords(records, count).byteLength).toBeLessThan((count * recordBytes) / 4)
})

test('packed records that are cut off, or of a form nobody knows, are refused', () => {
  const batch = new BatchWriter()
  for (let sequence = 1; sequence <= 100; sequence++) batch.again(sequence * sequence, sequence)
  const { records, count } = batch.take()
  const packed = packRecords(records, count)
  expect(() => unpackRecords(packed.subarray(0, packed.length - 8), count)).toThrow(RangeError)
  const strange = packed.slice()
  strange[8] = 99
  expect(() => unpackRecords(strange, count)).toThrow(RangeError)
})
