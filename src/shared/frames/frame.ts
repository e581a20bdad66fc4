import { GuardhouseError } from '../errors.ts'

/** Numbers as columns in one ArrayBuffer: scalars as float64, then each table's columns as typed arrays. */

const columnConstructors = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const

export type ColumnType = keyof typeof columnConstructors

export interface FrameLayout {
  readonly scalars: readonly string[]
  readonly tables: Readonly<Record<string, Readonly<Record<string, ColumnType>>>>
}

type ColumnArray<Type extends ColumnType> = InstanceType<(typeof columnConstructors)[Type]>
export type Columns<Table extends Readonly<Record<string, ColumnType>>> = { readonly length: number } & {
  readonly [Name in keyof Table]: ColumnArray<Table[Name]>
}
export type FrameValue<Layout extends FrameLayout> = { readonly [Name in Layout['scalars'][number]]: number } & {
  readonly [Name in keyof Layout['tables']]: Columns<Layout['tables'][Name]>
}

// 'GHF1' little endian, so that a stray buffer is refused rather than drawn.
const magic = 0x31464847
const headerBytes = 8
// Every column starts on 8 bytes, so that a decoded column is a view and never a copy.
const alignment = 8

function padded(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment
}

function tableBytes(table: Readonly<Record<string, ColumnType>>, rows: number): number {
  let bytes = 8
  for (const type of Object.values(table)) bytes += padded(columnConstructors[type].BYTES_PER_ELEMENT * rows)
  return bytes
}

/** Makes empty columns for `length` rows of a table. */
export function makeColumns<Table extends Readonly<Record<string, ColumnType>>>(
  table: Table,
  length: number,
): Columns<Table> {
  const columns: Record<string, unknown> = { length }
  for (const [name, type] of Object.entries(table)) columns[name] = new columnConstructors[type](length)
  return columns as Columns<Table>
}

/** Layout: magic u32, scalar count u32, scalars f64; per table: row count u32, 4 zero bytes, columns padded to 8. Little endian. */
export function encodeFrame<Layout extends FrameLayout>(layout: Layout, value: FrameValue<Layout>): ArrayBuffer {
  const source = value as unknown as Record<string, number & Columns<Record<string, ColumnType>>>
  let size = headerBytes + layout.scalars.length * 8
  for (const [name, table] of Object.entries(layout.tables)) size += tableBytes(table, source[name]?.length ?? 0)
  const buffer = new ArrayBuffer(size)
  const view = new DataView(buffer)
  view.setUint32(0, magic, true)
  view.setUint32(4, layout.scalars.length, true)
  let offset = headerBytes
  for (const name of layout.scalars) {
    view.setFloat64(offset, Number(source[name]), true)
    offset += 8
  }
  for (const [name, table] of Object.entries(layout.tables)) {
    const columns = source[name] as unknown as Record<string, ArrayLike<number>>
    const rows = source[name]?.length ?? 0
    view.setUint32(offset, rows, true)
    offset += 8
    for (const [column, type] of Object.entries(table)) {
      const target = new columnConstructors[type](buffer, offset, rows)
      target.set(columns[column] ?? [])
      offset += padded(target.byteLength)
    }
  }
  return buffer
}

/** Byte offset of a scalar in an encoded frame, for who changes one figure of a copy. */
export function scalarOffset<Layout extends FrameLayout>(layout: Layout, name: Layout['scalars'][number]): number {
  return headerBytes + layout.scalars.indexOf(name) * 8
}

/** The columns are views on `bytes`. Throws `bad-request` when the bytes do not fit the layout. */
export function decodeFrame<Layout extends FrameLayout>(layout: Layout, bytes: ArrayBuffer): FrameValue<Layout> {
  const view = new DataView(bytes)
  if (bytes.byteLength < headerBytes || view.getUint32(0, true) !== magic) throw notAFrame('it does not begin as one')
  if (view.getUint32(4, true) !== layout.scalars.length) throw notAFrame('it is of another version')
  const result: Record<string, unknown> = {}
  let offset = headerBytes
  try {
    for (const name of layout.scalars) {
      result[name] = view.getFloat64(offset, true)
      offset += 8
    }
    for (const [name, table] of Object.entries(layout.tables)) {
      const length = view.getUint32(offset, true)
      offset += 8
      const columns: Record<string, unknown> = { length }
      for (const [column, type] of Object.entries(table)) {
        columns[column] = new columnConstructors[type](bytes, offset, length)
        offset += padded(columnConstructors[type].BYTES_PER_ELEMENT * length)
      }
      result[name] = columns
    }
  } catch (error) {
    throw notAFrame('it is cut short', error)
  }
  if (offset !== bytes.byteLength) throw notAFrame(`${bytes.byteLength - offset} bytes too many`)
  return result as FrameValue<Layout>
}

function notAFrame(why: string, cause?: unknown): GuardhouseError {
  return new GuardhouseError('bad-request', `not a telemetry frame: ${why}`, { cause })
}
