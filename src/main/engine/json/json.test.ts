import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asText, describeWithReference, readReferenceTable } from '../workflow/reference.fixture.ts'
import { isBlank } from './blank-text.ts'
import { canonicalHash } from './canonical-hash.ts'
import { describeValue, isTruthy, typeName } from './describe.ts'
import { compareNumbers, equals } from './equality.ts'
import { readFloat, readHexInteger, readInteger } from './integer-text.ts'
import { JsonSyntaxError, parseJson, parseJsonBytes, textOfBytes } from './parse.ts'
import { compareCodePoints, printCanonical, printCompact, printIndented, printSpaced } from './print.ts'
import { integer, JsonFloat, type JsonValue, object } from './value.ts'

const anyValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<JsonValue>(null, true, false),
    fc.string({ unit: 'binary' }),
    fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(integer),
    fc.double({ noNaN: true }).map((value): JsonValue => new JsonFloat(value)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((entries): JsonValue => new Map(entries)),
  ),
})).value

describe('printing and parsing', () => {
  it('read back what they print, in every form that keeps the order', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = printCompact(value)
        expect(printCompact(parseJson(text))).toBe(text)
        expect(printCompact(parseJson(printSpaced(value)))).toBe(text)
        expect(printCompact(parseJson(printIndented(value)))).toBe(text)
      }),
    )
  })

  it('print the canonical form alike whatever the order of keys', () => {
    const keys = fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 6 })
    fc.assert(
      fc.property(keys, (names) => {
        const forwards = new Map(names.map((name) => [name, name]))
        const backwards = new Map([...names].reverse().map((name) => [name, name]))
        expect(printCanonical(forwards)).toBe(printCanonical(backwards))
      }),
    )
  })

  it('sort keys by code point, not by UTF-16 unit', () => {
    const value = new Map([
      ['\u{1f600}', 1],
      ['\uff5e', 2],
    ])
    expect(printCanonical(value)).toBe('{"\\uff5e":2,"\\ud83d\\ude00":1}')
    // Half of a pair is a code point of its own: before U+E000, and before every whole pair.
    const halves = ['\u{1f600}', '\uffff', '\ud83dx', '\ud83d\ud83d\ude00', '\ud7ff', '\ude00', '\u{1f4a9}', '\ud83e']
    const sorted = ['\ud7ff', '\ud83dx', '\ud83d\ud83d\ude00', '\ud83e', '\ude00', '\uffff', '\u{1f4a9}', '\u{1f600}']
    expect(halves.sort(compareCodePoints)).toEqual(sorted)
  })

  it('keep digit keys in the order in which they stand', () => {
    expect(printCompact(parseJson('{"10":1,"9":2,"a":3,"9":4}'))).toBe('{"10":1,"9":4,"a":3}')
  })

  it.each([
    ['5', '5'],
    ['-0', '0'],
    ['5.0', '5.0'],
    ['-0.0', '-0.0'],
    ['1e16', '1e+16'],
    ['1e15', '1000000000000000.0'],
    ['0.0001', '0.0001'],
    ['0.00001', '1e-05'],
    ['1.25e-7', '1.25e-07'],
    ['1e400', 'Infinity'],
    ['NaN', 'NaN'],
    ['-Infinity', '-Infinity'],
    ['12345678901234567890123', '12345678901234567890123'],
    ['9007199254740993', '9007199254740993'],
  ])('print the number %s as %s', (text, printed) => {
    expect(printCompact(parseJson(text))).toBe(printed)
  })

  it.each([
    ['{"v": }', 'Expecting value: line 1 column 7 (char 6)'],
    ['[1,\n2', "Expecting ',' delimiter: line 2 column 2 (char 5)"],
    ['{a:1}', 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['"ab', 'Unterminated string starting at: line 1 column 1 (char 0)'],
    ['1 2', 'Extra data: line 1 column 3 (char 2)'],
    ['"\\x"', 'Invalid \\escape: line 1 column 2 (char 1)'],
    ['', 'Expecting value: line 1 column 1 (char 0)'],
  ])('name the place where %j is not JSON', (text, message) => {
    expect(() => parseJson(text)).toThrow(JsonSyntaxError)
    expect(() => parseJson(text)).toThrow(message)
  })

  it('are the same read in pieces, and name the same place where they are no JSON', () => {
    const rows = Array.from({ length: 1500 }, (_, at) => `{"at": ${at}, "na\\"me": "\u00e9\u{1f600} ${at}", "f": 1.50}`)
    for (const between of [',\n', ',', `,\n${' '.repeat(70_000)}`]) {
      const text = `[\n${rows.slice(0, between.length > 9 ? 4 : 1500).join(between)}\n]\n`
      expect(printCompact(parseJsonBytes(Buffer.from(text)))).toBe(printCompact(parseJson(text)))
      for (const broken of [
        text.slice(0, -3),
        `${text}x`,
        text.replace('"at": 3', '"at": 3 3'),
        text.replace('at": 3', 'at\n'),
      ])
        expect(() => parseJsonBytes(Buffer.from(broken))).toThrow(messageOf(() => parseJson(broken)))
    }
  })

  it('refuse nesting that would overflow the stack', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow('Nested deeper than')
  })
})

describe('values', () => {
  it('are equal by value across integers, floats and booleans', () => {
    expect(equals(1, new JsonFloat(1))).toBe(true)
    expect(equals(true, 1)).toBe(true)
    expect(equals(9007199254740993n, new JsonFloat(9007199254740992))).toBe(false)
    expect(equals(parseJson('{"a":1,"b":[2]}'), parseJson('{"b":[2.0],"a":true}'))).toBe(true)
    expect(equals('1', 1)).toBe(false)
    expect(compareNumbers(2n ** 70n, 5)).toBeGreaterThan(0)
    expect(equals(new JsonFloat(Number.NaN), new JsonFloat(Number.NaN))).toBe(false)
  })

  it('are described as the reference words them', () => {
    const value = object({ a: [null, true, 1, new JsonFloat(2)], "b'c": "it's" })
    expect(describeValue(value)).toBe(`{'a': [None, True, 1, 2.0], "b'c": "it's"}`)
    expect(describeValue('a\n\\')).toBe("'a\\n\\\\'")
    expect([null, true, '', 1, new JsonFloat(1), [], object({})].map(typeName)).toEqual([
      'NoneType',
      'bool',
      'str',
      'int',
      'float',
      'list',
      'dict',
    ])
    expect([null, false, '', 0, new JsonFloat(0), [], object({})].some(isTruthy)).toBe(false)
  })

  it('read integers from texts with blanks, a sign and single underscores', () => {
    expect([' 7', '+7', '07', '1_000', '-3'].map(readInteger)).toEqual([7, 7, 7, 1000, -3])
    expect(['', 'x', '1__0', '_1', '1.0', '0x1'].map(readInteger)).toEqual([null, null, null, null, null, null])
    expect(['0x0035', '35', '0XFF', 'zz'].map(readHexInteger)).toEqual([53, 53, 255, null])
    expect(['7\x85', '\u20287\n', '\x1c7', '\ufeff7'].map(readInteger)).toEqual([7, 7, null, null])
  })
})

describeWithReference('the four prints of the reference', () => {
  const { note, cases } = readReferenceTable('micro', 'json-forms.json')

  it.each(cases.map((each) => [asText(each.get('payload_text')), each] as const))('of %s', (text, expected) => {
    const payload = parseJson(text)
    const hashed = new Map<string, JsonValue>([
      ['wf', asText(note.get('wf'))],
      ['payload', payload],
      ['domain', asText(note.get('domain'))],
    ])
    expect(printCanonical(hashed)).toBe(expected.get('canonical'))
    expect(canonicalHash(hashed)).toBe(expected.get('sha256'))
    expect(printCompact(payload)).toBe(expected.get('trace_line'))
    expect(printSpaced(payload)).toBe(expected.get('jsonl_line'))
    expect(printIndented(payload)).toBe(expected.get('pretty'))
  })
})

function messageOf(fails: () => unknown): string {
  try {
    fails()
  } catch (error) {
    if (error instanceof Error) return error.message
  }
  throw new Error('it should have failed')
}

describe('what the reference says of a text that is not JSON', () => {
  it.each([
    ['"\u{1f600}\\x"', 'Invalid \\escape: line 1 column 3 (char 2)'],
    ['[\n"\u{1f600}",x]', 'Expecting value: line 2 column 5 (char 6)'],
    ['\ufeff{}', 'Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)'],
    ['[\ufeff]', 'Expecting value: line 1 column 2 (char 1)'],
    ['"\\', 'Unterminated string starting at: line 1 column 1 (char 0)'],
    ['["a\\', 'Unterminated string starting at: line 1 column 2 (char 1)'],
  ])('counts characters, and names the place: %j', (text, message) => {
    expect(() => parseJson(text)).toThrow(message)
    expect(() => parseJsonBytes(Buffer.from(text))).toThrow(message)
  })

  it('names the first byte that is no UTF-8, wherever a replacement character stands by right', () => {
    const bytes = Buffer.from([...Buffer.from('{"\ufffd\u{1f600}": "'), 0xc3, 0x28, 0x22, 0x7d])
    expect(() => textOfBytes(bytes)).toThrow('Not UTF-8: byte 0xc3 at position 13')
    expect(() => parseJsonBytes(bytes)).toThrow('Not UTF-8: byte 0xc3 at position 13')
    expect(textOfBytes(Buffer.from('\ufffd'))).toBe('\ufffd')
  })
})

describe('texts as the reference reads them', () => {
  it('escapes in messages what cannot be printed, also beyond U+FFFF', () => {
    const text = '\u200b\ufeff\u3000\u0378\ue000\u{e0001}\ud83d a\u00e9\u{1f600}'
    const shown = "'\\u200b\\ufeff\\u3000\\u0378\\ue000\\U000e0001\\ud83d a\u00e9\u{1f600}'"
    expect(describeValue(text)).toBe(shown)
  })

  it.each([
    [' 1_0.5_0 ', 10.5],
    ['1e1_0', 1e10],
    ['.5', 0.5],
    ['5.', 5],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['\u20031', 1],
    ['1._5', null],
    ['1__0', null],
    ['1_', null],
    ['.', null],
    ['', null],
    ['0x10', null],
    ['\ufeff1', null],
  ])('reads the float %j', (text, value) => {
    expect(readFloat(text)).toBe(value)
  })

  it('tells blank texts apart', () => {
    expect(['', ' \t\u0085\u001f\u3000', '\ufeff', 'a'].map(isBlank)).toEqual([true, true, false, false])
  })
})
