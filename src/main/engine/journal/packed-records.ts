import { recordFields as fields, recordBytes, recordDoubles, recordKinds, recordWords } from './journal-record.ts'
import { type ColumnPlan, columnForms, planColumn, readColumn, writeColumn } from './packed-column.ts'

/**
 * Records on the disk, column by column: a quarter of their size, so that writing them, bringing them from the log of changes into the file,
 * reading and removing them costs that much less. Ends and all other records go apart, because their columns mean other things.
 *
 * float64 count of ends; if both sorts are there, a bit for each record in order (1: an end), to a multiple of eight bytes; then for each sort that is there
 * the forms of its twelve columns in sixteen bytes, and the columns: the four numbers of a record, then its last eight words.
 */

/** Fewer stay as they are: what heads the columns would outweigh what they save. */
const fewest = 8
const doublesAtFront = 4
const firstWord = doublesAtFront * 2
const columns = doublesAtFront + recordWords - firstWord
const formsBytes = 16
/** Numbers that are times, which are kept to the nanosecond. */
const timesOfEnds = [1, 2, 3]
const timesOfOthers = [1]

interface Sort {
  readonly records: Int32Array
  readonly plans: readonly ColumnPlan[]
}

/** Packs `count` records. What does not get smaller comes back as it is. */
export function packRecords(buffer: ArrayBuffer, count: number): Uint8Array {
  const plain = new Uint8Array(buffer, 0, count * recordBytes)
  if (count < fewest) return plain
  const doubles = new Float64Array(buffer, 0, count * recordDoubles)
  const words = new Int32Array(buffer, 0, count * recordWords)
  const { ends, others } = sorted(words, count)
  const mixed = ends.length > 0 && others.length > 0
  const values = new Float64Array(count)
  const sorts = [ends, others]
    .filter((records) => records.length > 0)
    .map((records) => ({ records, plans: planSort(doubles, words, records, records === ends, values) }))
  let bytes = 8 + (mixed ? marksBytes(count) : 0)
  for (const { plans } of sorts) bytes += formsBytes + plans.reduce((sum, plan) => sum + plan.bytes, 0)
  if (bytes >= plain.length) return plain
  const target = new ArrayBuffer(bytes)
  new Float64Array(target, 0, 1)[0] = ends.length
  let at = 8
  if (mixed) {
    const marks = new Uint8Array(target, at)
    for (const record of ends) marks[record >> 3] = (marks[record >> 3] ?? 0) | (1 << (record & 7))
    at += marksBytes(count)
  }
  for (const sort of sorts) at = writeSort(doubles, words, sort, values, target, at)
  return new Uint8Array(target)
}

/** Records as they were before they were packed. Throws `RangeError` when they are damaged. */
export function unpackRecords(stored: Uint8Array, count: number): Uint8Array {
  if (stored.byteLength === count * recordBytes) return stored
  const source = stored.buffer.slice(stored.byteOffset, stored.byteOffset + stored.byteLength) as ArrayBuffer
  const target = new ArrayBuffer(count * recordBytes)
  const doubles = new Float64Array(target)
  const words = new Int32Array(target)
  const endCount = new Float64Array(source, 0, 1)[0] ?? 0
  let at = 8
  let marks: Uint8Array | null = null
  if (endCount > 0 && endCount < count) {
    marks = new Uint8Array(source, at, marksBytes(count))
    at += marksBytes(count)
  }
  const values = new Float64Array(count)
  for (const isEnd of [true, false]) {
    const length = isEnd ? endCount : count - endCount
    if (length === 0) continue
    const records = new Int32Array(length)
    let found = 0
    for (let record = 0; record < count; record++) {
      if (marks === null || ((marks[record >> 3] ?? 0) >> (record & 7)) % 2 === (isEnd ? 1 : 0))
        records[found++] = record
    }
    const forms = new Uint8Array(source, at, columns)
    at += formsBytes
    for (let column = 0; column < columns; column++) {
      at += readColumn(forms[column] ?? 0, source, at, length, values)
      scatter(doubles, words, records, column, values)
    }
  }
  return new Uint8Array(target)
}

function sorted(words: Int32Array, count: number): { ends: Int32Array; others: Int32Array } {
  const ends = new Int32Array(count)
  const others = new Int32Array(count)
  let endCount = 0
  for (let record = 0; record < count; record++) {
    if (((words[record * recordWords + fields.packed] ?? 0) & 255) === recordKinds.ended) ends[endCount++] = record
    else others[record - endCount] = record
  }
  return { ends: ends.subarray(0, endCount), others: others.subarray(0, count - endCount) }
}

function planSort(
  doubles: Float64Array,
  words: Int32Array,
  records: Int32Array,
  areEnds: boolean,
  values: Float64Array,
): ColumnPlan[] {
  const times = areEnds ? timesOfEnds : timesOfOthers
  const plans: ColumnPlan[] = []
  for (let column = 0; column < columns; column++) {
    gather(doubles, words, records, column, values)
    plans.push(planColumn(values, records.length, times.includes(column)))
  }
  return plans
}

function writeSort(
  doubles: Float64Array,
  words: Int32Array,
  { records, plans }: Sort,
  values: Float64Array,
  target: ArrayBuffer,
  from: number,
): number {
  new Uint8Array(target, from, columns).set(plans.map((plan) => plan.form))
  let at = from + formsBytes
  for (const [column, plan] of plans.entries()) {
    // What its plan says all of is not looked at again.
    if (plan.form > columnForms.steps) gather(doubles, words, records, column, values)
    writeColumn(plan, values, records.length, target, at)
    at += plan.bytes
  }
  return at
}

function gather(
  doubles: Float64Array,
  words: Int32Array,
  records: Int32Array,
  column: number,
  values: Float64Array,
): void {
  const [source, width, at] = place(doubles, words, column)
  for (let index = 0; index < records.length; index++) values[index] = source[(records[index] ?? 0) * width + at] ?? 0
}

function scatter(
  doubles: Float64Array,
  words: Int32Array,
  records: Int32Array,
  column: number,
  values: Float64Array,
): void {
  const [target, width, at] = place(doubles, words, column)
  for (let index = 0; index < records.length; index++) target[(records[index] ?? 0) * width + at] = values[index] ?? 0
}

function place(doubles: Float64Array, words: Int32Array, column: number): [Float64Array | Int32Array, number, number] {
  return column < doublesAtFront
    ? [doubles, recordDoubles, column]
    : [words, recordWords, column - doublesAtFront + firstWord]
}

function marksBytes(count: number): number {
  return Math.ceil(count / 64) * 8
}
