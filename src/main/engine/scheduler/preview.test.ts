import { describe, expect, it } from 'vitest'
import { approximateBytes, previewOf } from './preview.ts'

const longest = 20_001

function nested(depth: number, width: number): unknown {
  return depth === 0 ? 7 : Array.from({ length: width }, () => nested(depth - 1, width))
}

const cyclic: { name: string; self?: unknown; list: unknown[] } = { name: 'round', list: [] }
cyclic.self = cyclic
cyclic.list.push(cyclic, cyclic.list)

const throwing = {
  get mine(): never {
    throw new Error('not yours')
  },
}
const revoked = Proxy.revocable({}, {})
revoked.revoke()

const hostile: readonly [string, () => unknown][] = [
  ['a getter that throws', () => throwing],
  ['a revoked proxy', () => revoked.proxy],
  [
    'a proxy that throws at everything',
    () =>
      new Proxy(
        {},
        {
          get: fail,
          ownKeys: fail,
          getPrototypeOf: fail,
          getOwnPropertyDescriptor: fail,
          has: fail,
        },
      ),
  ],
  ['an inspector of its own that throws', () => ({ [Symbol.for('nodejs.util.inspect.custom')]: fail })],
  ['a toString that throws', () => ({ toString: fail, [Symbol.toPrimitive]: fail })],
  ['a name that throws', () => Object.defineProperty(new Error('e'), 'name', { get: fail })],
  ['an iterator that throws', () => Object.assign([1, 2, 3], { [Symbol.iterator]: fail })],
]

function fail(): never {
  throw new Error('not yours')
}

/** Values of which a careless preview would make seconds of work or megabytes of text. */
const huge: readonly [string, () => unknown][] = [
  // In one piece, as it comes from another thread.
  ['a string of 50 million characters', () => Buffer.alloc(50_000_000, 'x').toString('latin1')],
  ['an array of a million numbers', () => Array.from({ length: 1_000_000 }, (_, index) => index)],
  ['eight million numbers, three deep', () => nested(3, 200)],
  ['a tree, six deep and ten wide', () => nested(6, 10)],
  [
    'an object of 300,000 keys',
    () => Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`key${index}`, index])),
  ],
  ['a map of 300,000 entries', () => new Map(Array.from({ length: 300_000 }, (_, index) => [index, { index }]))],
  ['a sparse array', () => Object.assign([], { length: 2 ** 32 - 1 })],
  ['50 megabytes', () => new Uint8Array(50_000_000)],
  ['ten thousand long strings', () => Array.from({ length: 10_000 }, () => 'x'.repeat(10_000))],
  [
    'a list linked a hundred thousand times',
    () => Array.from({ length: 100_000 }).reduce<unknown>((next) => ({ next }), null),
  ],
]

describe('a preview', () => {
  it.each([
    ['undefined', undefined, 'undefined'],
    ['text', 'text', "'text'"],
    ['plain data', { a: [1, 2], b: 'c' }, "{ a: [ 1, 2 ], b: 'c' }"],
    ['a map', new Map([[1, 2]]), 'Map(1) { 1 => 2 }'],
  ])('shows %s whole', (_what, value, text) => {
    expect(previewOf(value)).toMatchObject({ text, truncated: false })
  })

  it('shows a cycle as one', () => {
    const { text } = previewOf(cyclic)
    expect(text).toContain('[Circular')
    expect(text).toContain('round')
  })

  it('says when it was cut, and how large the whole is', () => {
    const preview = previewOf('x'.repeat(50_000))
    expect(preview.truncated).toBe(true)
    expect(preview.bytes).toBe(100_000)
    expect(preview.text.length).toBeLessThanOrEqual(longest)
  })

  it('of a long list says how many items it leaves out', () => {
    const { text } = previewOf(Array.from({ length: 200_000 }, (_, index) => ({ index })))
    const shown = text.match(/index: /g)?.length ?? 0
    expect(shown).toBeGreaterThan(300)
    expect(text).toMatch(new RegExp(`\\.\\.\\. ${200_000 - shown} more items\\s+\\]$`))
  })

  it.each(hostile)('survives %s', (_what, make) => {
    const preview = previewOf(make())
    expect(preview.text.length).toBeGreaterThan(0)
    expect(previewOf([make()]).text.length).toBeGreaterThan(0)
  })

  it.each(huge)('of %s is short and takes no time that anybody would notice', (_what, make) => {
    const value = make()
    const before = process.threadCpuUsage()
    const preview = previewOf(value)
    const { user, system } = process.threadCpuUsage(before)
    expect(preview.text.length).toBeLessThanOrEqual(longest)
    expect(preview.truncated).toBe(true)
    // The control thread stands still meanwhile. CPU time, microseconds: other programs do not count.
    // Merely naming 300,000 keys takes 60 ms, and they are named twice; caches shared with other programs make it several times that.
    expect(user + system).toBeLessThan(1_000_000)
  })
})

describe('the size of a value', () => {
  it.each([
    ['a number', 1, 8],
    ['text', 'four', 8],
    ['a buffer', new ArrayBuffer(1000), 1000],
    ['a view', new Uint8Array(1000), 1000],
    ['an object', { a: 1, b: 'xy' }, 16 + 8 + 4],
    ['an array', [1, 2, 3], 16 + 24],
    ['what is referred to twice', [cyclic, cyclic], 16 + 16 + 10 + 16],
  ])('%s counts as many bytes as it has', (_what, value, bytes) => {
    expect(approximateBytes(value)).toBe(bytes)
  })

  it('of a map counts its values, and those count for more than nothing', () => {
    expect(approximateBytes(new Map([['key', 'x'.repeat(100)]]))).toBeGreaterThanOrEqual(200)
  })

  it('of a typed array in a map of a list counts', () => {
    expect(approximateBytes([new Map([[1, [new Uint8Array(5000)]]])])).toBeGreaterThan(5000)
  })
})
