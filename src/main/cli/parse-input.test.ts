import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { parseInput } from './parse-input.ts'

const command = defineCommand({
  name: 'paint',
  parameters: '<what> [json...]',
  summary: 'Paint something',
  positionals: { least: 1, most: 3 },
  options: {
    colour: { type: 'string', value: 'NAME', help: 'Which' },
    layer: { type: 'string', multiple: true, value: 'N', help: 'Where' },
    wet: { type: 'boolean', help: 'Still wet' },
  },
  run: async () => exitCodes.ok,
})

test('options and positionals may stand in any order', () => {
  const { options, positionals } = parseInput(command, [
    '--wet',
    'wall',
    '--colour=red',
    '--layer',
    '1',
    '--layer',
    '2',
    '5',
  ])
  expect(options).toEqual({ colour: 'red', layer: ['1', '2'], wet: true, json: false, help: false })
  expect(positionals).toEqual(['wall', '5'])
})

test('a negative number is a value and no group of short options', () => {
  expect(parseInput(command, ['wall', '-15', '-0.5e3']).positionals).toEqual(['wall', '-15', '-0.5e3'])
  expect(parseInput(command, ['wall', '--layer', '-15']).options.layer).toEqual(['-15'])
})

test('what follows -- is a positional, whatever it looks like', () => {
  expect(parseInput(command, ['wall', '--', '--wet']).positionals).toEqual(['wall', '--wet'])
})

test('numbers of every form survive as positionals, in their order', () => {
  const numbers = fc.array(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })), {
    maxLength: 2,
  })
  fc.assert(
    fc.property(numbers, (values) => {
      const words = values.map((value) => JSON.stringify(value))
      expect(parseInput(command, ['wall', ...words]).positionals).toEqual(['wall', ...words])
    }),
  )
})

test.each([
  [['wall', '--color', 'red'], '"paint" has no option --color; did you mean --colour?'],
  [['wall', '--nonsense'], '"paint" has no option --nonsense; see guardhouse paint --help'],
  [['wall', '-x'], '"paint" has no option -x; see guardhouse paint --help'],
  [['wall', '--colour'], '--colour needs a value: --colour NAME'],
  [['wall', '--colour', '--wet'], '--colour needs a value: --colour NAME'],
  [['wall', '--colour', 'red', '--colour', 'blue'], '--colour is given twice'],
  [['wall', '--wet=yes'], '--wet takes no value, but was given "yes"'],
  [[], 'something is missing: guardhouse paint <what> [json...]'],
  [['1', '2', '3', '4'], '"4" is one argument too many: guardhouse paint <what> [json...]'],
])('%j is bad usage, told in one sentence', (words, message) => {
  expect(() => parseInput(command, words)).toThrowError(expect.objectContaining({ kind: 'bad-request', message }))
})

test('asking for help needs nothing else', () => {
  expect(parseInput(command, ['-h']).options.help).toBe(true)
  expect(parseInput(command, ['--help']).options.help).toBe(true)
})
