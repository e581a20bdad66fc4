import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printCompact } from '../../json/print.ts'
import { isArray, isObject, JsonFloat, type JsonObject, type JsonValue } from '../../json/value.ts'
import { compileBindingPath } from './binding-path.ts'
import { compileOutputs, compileStepInputPath } from './step-path.ts'
import { compileTemplate } from './template.ts'
import { resolveArgument } from './transform-path.ts'

const key = fc.constantFrom('a', 'b', '', '10', '9', 'a.b', '__proto__', 'capability_result')
const path = fc
  .tuple(
    fc.constantFrom('$', '$$', '', 'x$'),
    fc.array(
      fc.constantFrom(
        'payload',
        'inputs',
        'results',
        'capability_result',
        'iterator',
        '7',
        ' +7 ',
        '0_7',
        '8',
        's',
        'a',
        'b',
        '10',
        '',
      ),
      { maxLength: 4 },
    ),
  )
  .map(([root, keys]) => [root, ...keys].join('.'))

function jsonOf(texts: fc.Arbitrary<string>): fc.Arbitrary<JsonValue> {
  return fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<JsonValue>(null, true, 5, new JsonFloat(5), 2n ** 70n, '{{timestamp}}', '$.payload.a'),
      texts,
      fc.array(tie('value'), { maxLength: 2 }),
      entriesOf(tie('value')),
    ),
  })).value
}

function entriesOf(values: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> {
  return fc.array(fc.tuple(key, values), { maxLength: 4 }).map((entries) => new Map(entries))
}

const data = entriesOf(jsonOf(fc.constant('text')))
const templates = jsonOf(path)

/** The value under keys, through objects only. */
function under(start: JsonValue | undefined, keys: readonly string[]): JsonValue {
  const [first, ...rest] = keys
  if (first === undefined) return start ?? null
  return isObject(start) ? under(start.get(first), rest) : null
}

/** What stands behind the first prefix that fits, or null. */
function behind(text: string, ...prefixes: readonly string[]): string[] | null {
  for (const prefix of prefixes) if (text.startsWith(prefix)) return text.slice(prefix.length).split('.')
  return null
}

function everywhere(value: JsonValue, resolve: (text: string) => JsonValue): JsonValue {
  if (typeof value === 'string') return resolve(value)
  if (isArray(value)) return value.map((item) => everywhere(item, resolve))
  return isObject(value) ? new Map([...value].map(([name, item]) => [name, everywhere(item, resolve)])) : value
}

function expectSame(found: JsonValue, expected: JsonValue): void {
  expect(printCompact(found)).toBe(printCompact(expected))
}

const runs = { numRuns: 400 }

describe('a random template is resolved by the rules of its level:', () => {
  it('bindings of a workflow', () => {
    fc.assert(
      fc.property(templates, data, data, (template, payload, seven) => {
        const expected = everywhere(template, (text) => {
          const keys = behind(text, '$.payload.', '$.inputs.')
          if (keys !== null) return under(payload, keys)
          const [address = '', ...rest] = behind(text, '$.results.') ?? []
          if (!text.startsWith('$.results.')) return text
          return /^\s*\+?0*_?7\s*$/.test(address) && rest.length > 0 ? under(seven, rest) : null
        })
        expectSame(compileTemplate(template, compileBindingPath)({ payload, results: new Map([[7, seven]]) }), expected)
      }),
      runs,
    )
  })

  it('inputs of a step', () => {
    fc.assert(
      fc.property(templates, data, data, (template, inputs, step) => {
        const expected = everywhere(template, (text) => {
          const keys = behind(text, '$.inputs.')
          if (keys !== null) return under(inputs, keys)
          const result = behind(text, '$.results.')
          if (result === null) return text
          return result[0] === 's' && result.length > 1 ? under(step, result.slice(1)) : null
        })
        expectSame(compileTemplate(template, compileStepInputPath)({ inputs, steps: new Map([['s', step]]) }), expected)
      }),
      runs,
    )
  })

  it('outputs of a step, of which only texts directly under a name are paths', () => {
    fc.assert(
      fc.property(entriesOf(templates), data, data, (outputs, raw, step) => {
        const expected = new Map<string, JsonValue>()
        for (const [name, value] of outputs) {
          if (typeof value !== 'string') expected.set(name, value)
          else {
            const result = behind(value, '$.results.')
            const keys = behind(value, '$.capability_result.', '$.')
            if (result !== null)
              expected.set(name, result[0] === 's' && result.length > 1 ? under(step, result.slice(1)) : null)
            else expected.set(name, keys === null ? value : under(raw, keys))
          }
        }
        expectSame(compileOutputs(outputs)({ raw, steps: new Map([['s', step]]) }), expected)
      }),
      runs,
    )
  })

  it('arguments of a transform, of which only the outermost text is a path', () => {
    fc.assert(
      fc.property(templates, data, data, (argument, inputs, symbol) => {
        const text = typeof argument === 'string' ? argument : ''
        const keys = behind(text, '$.inputs.')
        const [name, ...rest] = behind(text, '$.results.', '$.') ?? []
        const expected = !text.startsWith('$.')
          ? argument
          : keys !== null
            ? under(inputs, keys)
            : name === 's'
              ? under(symbol, rest)
              : null
        expectSame(resolveArgument(argument, { inputs, symbols: new Map([['s', symbol]]) }), expected)
      }),
      runs,
    )
  })
})
