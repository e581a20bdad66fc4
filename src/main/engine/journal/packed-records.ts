import {
  recordFields as fields,
  recordNumbers as numbers,
  recordBytes,
  recordDoubles,
  recordKinds,
  recordWords,
} from './journal-record.ts'
import {
  type ColumnPlan,
  columnBytes,
  columnForms,
  planColumn,
  readColumn,
  sameColumn,
  writeColumn,
} from './packed-column.ts'

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
/** Columns that `unpackOthers` reads. */
const wantedOfOthers = [
  numbers.sequence,
  ...[fields.packed, fields.argumentsAt, fields.argumentsLength].map((word) => doublesAtFront + word - firstWord),
]
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
  const { source, endCount, marks, from } = opened(stored, count)
  const target = new ArrayBuffer(count * recordBytes)
  const doubles = new Float64Array(target)
  const words = new Int32Array(target)
  const values = new Float64Array(count)
  let at = from
  for (const isEnd of [true, false]) {
    const length = isEnd ? endCount : count - endCount
    if (length === 0) continue
    const records = marked(marks, isEnd, length, count)
    const forms = new Uint8Array(source, at, columns)
    at += formsBytes
    for (let column = 0; column < columns; column++) {
      const form = forms[column] ?? 0
      // Most columns are nothing but zeroes, which is what fresh memory holds.
      const isZero = form === columnForms.same && Object.is(new Float64Array(source, at, 1)[0], 0)
      if (isZero) at += 8
      else {
        at += readColumn(form, source, at, length, values)
        scatter(doubles, words, records, column, values)
      }
    }
  }
  return new Uint8Array(target)
}

/** Columns of the records that are no ends, in their order. */
export interface OtherColumns {
  readonly sequences: Float64Array
  /** The words `packed`, `argumentsAt` and `argumentsLength`. */
  readonly packed: Float64Array
  readonly at: Float64Array
  readonly length: Float64Array
}

/** What tells where the arguments of tokens are, without making records again: of `stored` that are packed. Throws `RangeError` when they are damaged. */
export function unpackOthers(stored: Uint8Array, count: number): OtherColumns {
  const { source, endCount, from } = opened(stored, count)
  const length = count - endCount
  const read = new Map<number, Float64Array>()
  let at = from
  for (const [sort, rows] of [endCount, length].entries()) {
    if (rows === 0) continue
    const forms = new Uint8Array(source, at, columns)
    at += formsBytes
    for (let column = 0; column < columns; column++) {
      const form = forms[column] ?? 0
      if (sort === 1 && wantedOfOthers.includes(column)) {
        const values = new Float64Array(rows)
        readColumn(form, source, at, rows, values)
        read.set(column, values)
      }
      at += columnBytes(form, rows)
    }
  }
  const [sequences, packed, argumentsAt, argumentsLength] = wantedOfOthers.map(
    (column) => read.get(column) ?? new Float64Array(0),
  )
  const none = new Float64Array(0)
  return {
    sequences: sequences ?? none,
    packed: packed ?? none,
    at: argumentsAt ?? none,
    length: argumentsLength ?? none,
  }
}

interface Opened {
  /** Begins at a multiple of eight. */
  readonly source: ArrayBuffer
  readonly endCount: number
  readonly marks: Uint8Array | null
  /** Where the first sort begins. */
  readonly from: number
}

function opened(stored: Uint8Array, count: number): Opened {
  const source = stored.buffer.slice(stored.byteOffset, stored.byteOffset + stored.byteLength) as ArrayBuffer
  const endCount = new Float64Array(source, 0, 1)[0] ?? 0
  const mixed = endCount > 0 && endCount < count
  const marks = mixed ? new Uint8Array(source, 8, marksBytes(count)) : null
  return { source, endCount, marks, from: 8 + (mixed ? marksBytes(count) : 0) }
}

/** The numbers of the records that are ends, or that are not. Without marks these are all. */
function marked(marks: Uint8Array | null, areEnds: boolean, length: number, count: number): Int32Array {
  const records = new Int32Array(length)
  const wanted = areEnds ? 1 : 0
  let found = 0
  for (let record = 0; record < count; record++) {
    if (marks === null || (((marks[record >> 3] ?? 0) >> (record & 7)) & 1) === wanted) records[found++] = record
  }
  return records
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
    if (isSame(doubles, words, records, column))
      plans.push(sameColumn(numberAt(doubles, words, records[0] ?? 0, column)))
    else {
      gather(doubles, words, records, column, values)
      plans.push(planColumn(values, records.length, times.includes(column)))
    }
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

/** Looked at first and where they lie, as most columns are. */
function isSame(doubles: Float64Array, words: Int32Array, records: Int32Array, column: number): boolean {
  const first = numberAt(doubles, words, records[0] ?? 0, column)
  const { length } = records
  if (column < doublesAtFront) {
    for (let index = 1; index < length; index++) {
      if (doubles[(records[index] ?? 0) * recordDoubles + column] !== first) return false
    }
  } else {
    const word = column - doublesAtFront + firstWord
    for (let index = 1; index < length; index++) {
      if (words[(records[index] ?? 0) * recordWords + word] !== first) return false
    }
  }
  return true
}

function numberAt(doubles: Float64Array, words: Int32Array, record: number, column: number): number {
  const value =
    column < doublesAtFront
      ? doubles[record * recordDoubles + column]
      : words[record * recordWords + column - doublesAtFront + firstWord]
  return value ?? 0
}

function gather(
  doubles: Float64Array,
  words: Int32Array,
  records: Int32Array,
  column: number,
  values: Float64Array,
): void {
  const { length } = records
  // Two loops, each over one sort of array: one loop over both is many times as slow.
  if (column < doublesAtFront) {
    for (let index = 0; index < length; index++) {
      values[index] = doubles[(records[index] ?? 0) * recordDoubles + column] ?? 0
    }
  } else {
    const word = column - doublesAtFront + firstWord
    for (let index = 0; index < length; index++) values[index] = words[(records[index] ?? 0) * recordWords + word] ?? 0
  }
}

function scatter(
  doubles: Float64Array,
  words: Int32Array,
  records: Int32Array,
  column: number,
  values: Float64Array,
): void {
  const { length } = records
  if (column < doublesAtFront) {
    for (let index = 0; index < length; index++) {
      doubles[(records[index] ?? 0) * recordDoubles + column] = values[index] ?? 0
    }
  } else {
    const word = column - doublesAtFront + firstWord
    for (let index = 0; index < length; index++) words[(records[index] ?? 0) * recordWords + word] = values[index] ?? 0
  }
}

function marksBytes(count: number): number {
  return Math.ceil(count / 64) * 8
}
