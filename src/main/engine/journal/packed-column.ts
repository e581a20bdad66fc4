/**
 * A column of numbers on the disk. Numbers of neighbours are alike, so most columns come to nothing (all the same, or one step from each
 * to the next) or to what lies between the least and the most of them.
 */
export const columnForms = {
  /** One float64. */
  same: 0,
  /** Two float64: the first number, and the step to each next one. */
  steps: 1,
  /** One float64, the least number, and how far each is above it, in one, two or four bytes. */
  offsets8: 2,
  offsets16: 3,
  offsets32: 4,
  /** The same in thousandths, which a time in microseconds is rounded to. */
  thousandths32: 5,
  /** As they are, float64. */
  whole: 6,
} as const
export type ColumnForm = (typeof columnForms)[keyof typeof columnForms]

const mostOffset = 2 ** 32 - 1
/** Every column begins at a multiple of this, so that its numbers can be read where they lie. Bytes. */
const alignment = 8

export interface ColumnPlan {
  readonly form: ColumnForm
  /** The first number, or the least: integers or thousandths. */
  readonly base: number
  readonly step: number
  /** On the disk. */
  readonly bytes: number
}

/** How numbers that are all the same are kept. */
export function sameColumn(value: number): ColumnPlan {
  return plan(columnForms.same, value, 0, 8)
}

/** How the first `count` numbers, at least one, are kept. `time`: to the thousandth is enough. */
export function planColumn(values: Float64Array, count: number, time: boolean): ColumnPlan {
  const first = values[0] ?? 0
  const step = count > 1 ? (values[1] ?? 0) - first : 0
  let stepped = 1
  while (stepped < count && values[stepped] === first + stepped * step) stepped += 1
  let least = first
  let most = first
  let integers = true
  for (let index = 0; index < count; index++) {
    const value = values[index] ?? 0
    if (value < least) least = value
    if (value > most) most = value
    // A zero below zero would come back as another one.
    if (Math.floor(value) !== value || (value === 0 && 1 / value < 0)) integers = false
  }
  if (integers && Number.isSafeInteger(least) && Number.isSafeInteger(most)) {
    if (stepped === count) return step === 0 ? sameColumn(first) : plan(columnForms.steps, first, step, 16)
    if (most - least <= mostOffset) return offsets(least, most - least, count)
  }
  if (time && thousandths(values, count, least, most)) {
    return plan(columnForms.thousandths32, Math.round(least * 1000), 0, 8 + count * 4)
  }
  return plan(columnForms.whole, 0, 0, count * 8)
}

function offsets(least: number, range: number, count: number): ColumnPlan {
  if (range < 2 ** 8) return plan(columnForms.offsets8, least, 0, 8 + count)
  if (range < 2 ** 16) return plan(columnForms.offsets16, least, 0, 8 + count * 2)
  return plan(columnForms.offsets32, least, 0, 8 + count * 4)
}

function thousandths(values: Float64Array, count: number, least: number, most: number): boolean {
  if (!((most - least) * 1000 < mostOffset && Math.abs(least) < 2 ** 42 && Math.abs(most) < 2 ** 42)) return false
  for (let index = 0; index < count; index++) if (Number.isNaN(values[index])) return false
  return true
}

function plan(form: ColumnForm, base: number, step: number, bytes: number): ColumnPlan {
  return { form, base, step, bytes: Math.ceil(bytes / alignment) * alignment }
}

/** Writes a planned column at `at`, a multiple of eight. */
export function writeColumn(
  { form, base, step }: ColumnPlan,
  values: Float64Array,
  count: number,
  target: ArrayBuffer,
  at: number,
): void {
  if (form === columnForms.whole) {
    new Float64Array(target, at, count).set(values.subarray(0, count))
    return
  }
  const head = new Float64Array(target, at, form === columnForms.steps ? 2 : 1)
  head[0] = base
  if (form === columnForms.steps) head[1] = step
  else if (form !== columnForms.same) writeOffsets(form, base, values, count, target, at + 8)
}

function writeOffsets(
  form: ColumnForm,
  base: number,
  values: Float64Array,
  count: number,
  target: ArrayBuffer,
  at: number,
): void {
  if (form === columnForms.thousandths32) {
    const rows = new Uint32Array(target, at, count)
    for (let index = 0; index < count; index++) rows[index] = Math.round((values[index] ?? 0) * 1000) - base
    return
  }
  const rows = offsetRows(form, target, at, count)
  for (let index = 0; index < count; index++) rows[index] = (values[index] ?? 0) - base
}

/** Reads a column that begins at `at` into `values`. Returns its bytes. Throws `RangeError` when it is cut off or of no known form. */
export function readColumn(form: number, source: ArrayBuffer, at: number, count: number, values: Float64Array): number {
  if (form === columnForms.whole) {
    values.set(new Float64Array(source, at, count))
    return columnBytes(form, count)
  }
  const head = new Float64Array(source, at, form === columnForms.steps ? 2 : 1)
  const base = head[0] ?? 0
  if (form === columnForms.same) values.fill(base, 0, count)
  else if (form === columnForms.steps) {
    const step = head[1] ?? 0
    for (let index = 0; index < count; index++) values[index] = base + index * step
  } else if (form === columnForms.thousandths32) {
    const rows = new Uint32Array(source, at + 8, count)
    for (let index = 0; index < count; index++) values[index] = (base + (rows[index] ?? 0)) / 1000
  } else {
    const rows = offsetRows(form, source, at + 8, count)
    for (let index = 0; index < count; index++) values[index] = base + (rows[index] ?? 0)
  }
  return columnBytes(form, count)
}

/** Bytes of a column on the disk. */
export function columnBytes(form: number, count: number): number {
  return Math.ceil(bytesOf(form, count) / alignment) * alignment
}

function bytesOf(form: number, count: number): number {
  if (form === columnForms.same) return 8
  if (form === columnForms.steps) return 16
  if (form === columnForms.whole) return count * 8
  return 8 + count * (form === columnForms.offsets8 ? 1 : form === columnForms.offsets16 ? 2 : 4)
}

function offsetRows(
  form: number,
  buffer: ArrayBuffer,
  at: number,
  count: number,
): Uint8Array | Uint16Array | Uint32Array {
  if (form === columnForms.offsets8) return new Uint8Array(buffer, at, count)
  if (form === columnForms.offsets16) return new Uint16Array(buffer, at, count)
  if (form === columnForms.offsets32) return new Uint32Array(buffer, at, count)
  throw new RangeError(`a packed column has an unknown form ${form}`)
}
