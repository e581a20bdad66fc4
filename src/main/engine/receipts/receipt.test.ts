import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../json/canonical-hash.ts'
import { parseJson } from '../json/parse.ts'
import { isObject, JsonFloat, type JsonObject, type JsonValue, object } from '../json/value.ts'
import { asArray, asObject, asText } from '../workflow/reference.fixture.ts'
import { canonicalJson } from './canonical-json.ts'
import { durationMs, instantText, readInstant, requireInstant } from './instant.ts'
import { inputHashOf, inputText, makeReceipt, type ReceiptDraft, readReceipt, receiptOf } from './receipt.ts'
import { describeWithTupleReference, readTupleReference } from './reference.fixture.ts'

function parseObject(text: string): JsonObject {
  const value = parseJson(text)
  if (!isObject(value)) throw new Error('the test gives an object')
  return value
}

const draft: ReceiptDraft = {
  yool: 'image.resize',
  args: parseObject('{"width":640}'),
  status: 'ok',
  startedAt: '2026-05-19T17:30:00Z',
  endedAt: '2026-05-19T17:30:01.5+00:00',
}

describe('canonical JSON', () => {
  it.each([
    ['{"\\uffff":1,"😀":2,"é":3,"a":4}', '{"a":4,"é":3,"\uffff":1,"😀":2}'],
    ['{"b":1e16,"e":1e-5,"i":1,"n":-0.0,"r":1.0}', '{"b":1e+16,"e":1e-05,"i":1,"n":-0.0,"r":1.0}'],
    ['"\\u0000\\b\\u001f\\u007f\\u2028/"', '"\\u0000\\b\\u001f\u007f\u2028/"'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['["\\u00e9","e\\u0301"]', '["é","e\u0301"]'],
  ])('of %s', (text, expected) => {
    expect(canonicalJson(parseJson(text))).toBe(expected)
  })

  it.each<[string, JsonValue]>([
    ['NaN at a.1', object({ a: [0, new JsonFloat(Number.NaN)] })],
    ['-Infinity', new JsonFloat(Number.NEGATIVE_INFINITY)],
    ['a text with an unpaired surrogate at x', object({ x: '\ud83d' })],
    ['a key with an unpaired surrogate', object({ '\udc00': 1 })],
  ])('refuses %s', (message, value) => {
    expect(() => canonicalJson(value)).toThrow(message)
  })
})

describe('times', () => {
  it.each([
    ['2026-05-19T14:30:00.123456-03:00', '2026-05-19T17:30:00.123456+00:00'],
    ['2026-05-19T17:30:00.000Z', '2026-05-19T17:30:00+00:00'],
    ['2026-05-20T03:00:00+05:30', '2026-05-19T21:30:00+00:00'],
    ['1969-12-31T23:59:59.999999+00:00', '1969-12-31T23:59:59.999999+00:00'],
  ])('%s is written as %s', (text, expected) => {
    expect(instantText(requireInstant(text, 'at'))).toBe(expected)
  })

  it('demand an offset where a receipt is made, and count as UTC where an old one is read', () => {
    expect(() => requireInstant('2026-05-19T17:30:00', 'started_at')).toThrow('started_at is "2026-05-19T17:30:00"')
    expect(() => requireInstant('2026-05-19', 'started_at')).toThrow('no time with an offset')
    expect(readInstant('2026-05-19')).toBe(Date.UTC(2026, 4, 19) * 1000)
    expect(['2026-02-30T00:00:00Z', '2026-05-19T25:00:00Z', 'yesterday', ''].map(readInstant)).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  it.each([
    [1_001_000, 1000],
    [1_005_000, 1004],
    [570_000, 570],
    [999, 0],
    [-1_500_000, -1500],
  ])('%d microseconds last %d ms', (microseconds, expected) => {
    expect(durationMs(0, microseconds)).toBe(expected)
  })
})

describe('an input hash', () => {
  it.each([
    [{ yool: 'agent.dev.python', args: '{}' }, '364bbc5b421cec79e1802d0e040f11eea52fc212d47663b84250a4de08e95956'],
    [
      { yool: 'agent.pr.create', args: '{"dry":true,"título":{"z":[1,{"a":null,"β":2}],"é":"漢"}}', lang: 'C.UTF-8' },
      '7fa45d55e7d88d6d9b58e04c6a6142a4997caf39993ba663efe8cb25f8a0684e',
    ],
  ])('of %o', ({ yool, args, lang }: { yool: string; args: string; lang?: string }, expected) => {
    const env = new Map(lang === undefined ? [] : [['LANG', lang]])
    expect(inputHashOf({ yool, args: parseObject(args), env })).toBe(expected)
  })

  it('does not depend on the order of files, and tells 1 from 1.0', () => {
    const files = ['f'.repeat(64), '0'.repeat(64)]
    const args = parseObject('{"r":1.0,"x":0.1,"b":1e16,"e":1e-05,"n":-0.0,"i":1}')
    const hash = '04cac77c7481ea1e54ad7f9c30d2953d53e7a5204784e3d5b52695c580f9703b'
    expect(inputHashOf({ yool: 'agent.bench.run', args, files })).toBe(hash)
    expect(inputHashOf({ yool: 'agent.bench.run', args, files: files.toReversed() })).toBe(hash)
    expect(inputHashOf({ yool: 'y', args: object({ r: 1 }) })).not.toBe(
      inputHashOf({ yool: 'y', args: object({ r: new JsonFloat(1) }) }),
    )
  })
})

describe('a receipt', () => {
  it('is read back from its own file with the same id', () => {
    const receipt = makeReceipt({ ...draft, run: object({ core: 3 }) })
    const read = readReceipt(receipt.text)
    expect(read.id).toBe(receipt.id)
    expect(read.fields.get('run')).toEqual(object({ core: 3 }))
    expect(sha256Hex(receipt.text)).not.toBe(receipt.id)
  })

  it('is recognised when the original marked it as purged, and refused when anything else was changed', () => {
    const { id, text } = makeReceipt(draft)
    const marked = text.replace('"artifacts_purged_at":null', '"artifacts_purged_at": "2026-08-01T00:00:00+00:00"')
    expect(readReceipt(marked)).toMatchObject({ id, text: marked })
    expect(() => readReceipt(text.replace('"width":640', '"width":641'))).toThrow(`not to its id ${id}`)
  })

  it.each([
    ['[]', 'an array'],
    ['{"id":"../x"}', '"../x" is no receipt id'],
    [`{"id":"${'a'.repeat(64)}"}`, 'field yool'],
    ['{"id":', 'Expecting value'],
  ])('is refused when its file holds %s', (text, message) => {
    expect(() => readReceipt(text)).toThrow(message)
  })

  it('is refused with a parent that is no receipt id, and with fields that lack an input hash', () => {
    expect(() => makeReceipt({ ...draft, parentId: '../../etc/passwd' })).toThrow('is no receipt id')
    expect(() => receiptOf(object({ yool: 'y' }))).toThrow('input_hash is not a hash')
  })
})

describeWithTupleReference('receipts of the reference', () => {
  const cases = readTupleReference('receipts_golden.json', 'cases')
  const errors = readTupleReference('receipts_golden.json', 'error_cases')

  it.each(cases.map((each) => [asText(each.get('name')), each] as const))('%s', (_name, each) => {
    const input = asObject(each.get('input'))
    const expected = asObject(each.get('expect'))
    const made = draftOf(input)
    const receipt = makeReceipt(made)
    expect(inputText(made)).toBe(expected.get('input_canonical'))
    expect(canonicalJson(receipt.fields)).toBe(expected.get('receipt_canonical'))
    expect(receipt).toMatchObject({ id: expected.get('id'), inputHash: expected.get('input_hash') })
    expect(receipt.text).toBe(expected.get('stored_text'))
    expect(readReceipt(receipt.text).id).toBe(receipt.id)
  })

  it.each(errors.map((each) => [asText(each.get('name')), asText(each.get('args_text'))] as const))(
    'refuses %s',
    (_name, text) => {
      expect(() => inputHashOf({ yool: 'agent.err', args: parseObject(text) })).toThrow('canonical JSON cannot hold')
    },
  )
})

function draftOf(input: JsonObject): ReceiptDraft {
  const files = input.get('file_shas') ?? null
  const env = input.get('env_whitelist') ?? null
  const textOrNull = (name: string) => (input.get(name) === null ? null : asText(input.get(name)))
  return {
    yool: asText(input.get('yool')),
    args: parseObject(asText(input.get('args_text'))),
    status: asText(input.get('status')),
    startedAt: asText(input.get('started')),
    endedAt: asText(input.get('ended')),
    error: textOrNull('error'),
    parentId: textOrNull('parent_id'),
    cpuQuotaPct: Number(input.get('cpu_quota_pct')),
    files: files === null ? [] : asArray(files).map(asText),
    env: new Map(env === null ? [] : [...asObject(env)].map(([name, value]) => [name, asText(value)])),
    artifacts: asArray(input.get('artifacts')).map((artifact) => ({
      path: asText(asObject(artifact).get('path')),
      sha256: asText(asObject(artifact).get('sha256')),
      sizeBytes: Number(asObject(artifact).get('size_bytes')),
      mime: asText(asObject(artifact).get('mime')),
    })),
  }
}
