import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countNodes, readValues, type ValueNode } from './value-text.ts'

function only(text: string): ValueNode {
  const [entry, ...more] = readValues(text)
  expect(more).toEqual([])
  if (entry === undefined) throw new Error('nothing was read')
  return entry.value
}

describe('readValues', () => {
  it('reads JSON', () => {
    expect(only('{"a": [1, true], "b": "x, {y}"}')).toEqual({
      kind: 'branch',
      name: '',
      open: '{',
      cut: false,
      rest: 0,
      entries: [
        {
          key: '"a"',
          value: {
            kind: 'branch',
            name: '',
            open: '[',
            cut: false,
            rest: 0,
            entries: [
              { key: null, value: { kind: 'number', text: '1' } },
              { key: null, value: { kind: 'word', text: 'true' } },
            ],
          },
        },
        { key: '"b"', value: { kind: 'text', text: '"x, {y}"' } },
      ],
    })
  })

  it('counts what a list leaves out', () => {
    expect(only('[ 1, 2,\n  ... 199998 more items\n]')).toMatchObject({ entries: [{}, {}], rest: 199_998, cut: false })
    expect(only('Map(3) { 1 => 2, ... 1 more item }')).toMatchObject({ entries: [{ key: '1' }], rest: 1 })
    expect(only("[ '... 5 more items' ]")).toMatchObject({ entries: [{}], rest: 0 })
  })

  it('reads arguments one after the other', () => {
    expect(readValues("'a', 12, { b: 1 }").map((entry) => entry.value.kind)).toEqual(['text', 'number', 'branch'])
  })

  it('reads what util.inspect writes of maps, sets, dates, classes and bytes', () => {
    const node = only(`{
  map: Map(1) { 'k' => { v: 1 } },
  set: Set(1) { 1n },
  at: 1970-01-01T00:00:00.000Z,
  invoice: Invoice { sum: 1 },
  bytes: Uint8Array(2) [ 0, 0 ],
  deep: { a: [Object], b: [Circular *1], c: <Buffer 00 01> }
}`)
    if (node.kind !== 'branch') throw new Error('not a branch')
    const named = Object.fromEntries(node.entries.map((entry) => [entry.key, entry.value]))
    expect(named.map).toMatchObject({ name: 'Map(1)', entries: [{ key: "'k'", value: { kind: 'branch' } }] })
    expect(named.set).toMatchObject({ name: 'Set(1)', entries: [{ value: { kind: 'number', text: '1n' } }] })
    expect(named.at).toEqual({ kind: 'other', text: '1970-01-01T00:00:00.000Z' })
    expect(named.invoice).toMatchObject({ name: 'Invoice', entries: [{ key: 'sum' }] })
    expect(named.bytes).toMatchObject({ name: 'Uint8Array(2)', open: '[', entries: [{}, {}] })
    expect(named.deep).toMatchObject({
      entries: [
        { key: 'a', value: { kind: 'other', text: '[Object]' } },
        { key: 'b', value: { kind: 'other', text: '[Circular *1]' } },
        { key: 'c', value: { kind: 'other', text: '<Buffer 00 01>' } },
      ],
    })
  })

  it('says where the text was cut', () => {
    expect(only('{ a: [1, 2, "thr')).toMatchObject({
      cut: true,
      rest: 0,
      entries: [{ key: 'a', value: { cut: true, entries: [{}, {}, { value: { kind: 'text', text: '"thr' } }] } }],
    })
  })

  it('leaves a text without form as it is', () => {
    expect(only('(cannot be shown: the getter threw)')).toEqual({
      kind: 'other',
      text: '(cannot be shown: the getter threw)',
    })
  })

  it('finds every number of any JSON value again', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const value: unknown = JSON.parse(json)
        const found = numbersIn(readValues(JSON.stringify(value)).map((entry) => entry.value))
        expect(found).toEqual(numbersOf(value))
      }),
    )
  })

  it('ends on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(readValues(text))))
    fc.assert(fc.property(fc.stringMatching(/^[[\]{}:,'"\\ a=>1]*$/), (text) => Array.isArray(readValues(text))))
    expect(readValues('['.repeat(100_000))).toBeDefined()
  })
})

describe('countNodes', () => {
  it('counts no further than asked', () => {
    expect(countNodes(readValues('[1, [2, 3]]'), 100)).toBe(5)
    expect(countNodes(readValues('[1, [2, 3]]'), 3)).toBe(3)
  })
})

function numbersIn(nodes: readonly ValueNode[]): readonly string[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'branch') return numbersIn(node.entries.map((entry) => entry.value))
    return node.kind === 'number' ? [node.text] : []
  })
}

function numbersOf(value: unknown): readonly string[] {
  if (typeof value === 'number') return [JSON.stringify(value)]
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(numbersOf)
  return []
}
