import { describe, expect, it } from 'vitest'
import { GuardhouseError } from '../../../shared/errors.ts'
import { LiveOptions } from './live-options.ts'
import { optionDefinitions, type SchedulerOptions, validateOptions } from './options.ts'

type Definition = (typeof optionDefinitions)[keyof SchedulerOptions]
const definitions = Object.entries(optionDefinitions) as [keyof SchedulerOptions, Definition][]

/** The error that the options raise. */
function refusalOf(options: Readonly<Record<string, unknown>>): GuardhouseError {
  try {
    validateOptions(options)
  } catch (error) {
    if (error instanceof GuardhouseError) return error
    throw error
  }
  throw new Error(`accepted ${JSON.stringify(options)}`)
}

/** Values that the option must refuse. */
function wrongValues(definition: Definition): unknown[] {
  const notEvenAlike = [{}, [], Symbol('wrong'), 10n, () => 1]
  if (definition.kind === 'switch') return [...notEvenAlike, 0, 1, 'true', 'on']
  if (definition.kind === 'choice') return [...notEvenAlike, '', 'WAIT', true, 1]
  const { minimum, maximum, whole } = definition
  const beyond = [minimum - 1, maximum + 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return [...notEvenAlike, ...beyond, String(minimum), true, ...(whole ? [minimum + 0.5] : [])]
}

/** Values that it must take. */
function rightValues(definition: Definition): unknown[] {
  if (definition.kind === 'switch') return [true, false]
  if (definition.kind === 'choice') return [...definition.choices]
  return [definition.minimum, definition.maximum, ...(definition.whole ? [] : [definition.minimum + 0.5])]
}

/** Other options that leave room for every value of an option that depends on them. */
const roomFor: Partial<Record<keyof SchedulerOptions, Partial<SchedulerOptions>>> = {
  initialPattern: { workersPerCore: 16 },
  utilizationHigh: { utilizationLow: 0 },
  utilizationLow: { utilizationHigh: 100 },
  patternMaximum: { patternMinimum: 1 },
}

/** The range as its error states it, in the words a person would look for. */
function statedRange(definition: Definition): string[] {
  if (definition.kind === 'switch') return ['true', 'false']
  if (definition.kind === 'choice') return [...definition.choices]
  return [String(definition.minimum), String(definition.maximum)]
}

describe('without options', () => {
  it('every default applies, and is itself allowed', () => {
    const options = validateOptions({})
    for (const [name, definition] of definitions) expect(options[name]).toBe(definition.default)
    expect(validateOptions({ ...options })).toEqual(options)
  })

  it('given as undefined, it is as if they were not given', () => {
    expect(validateOptions({ mailboxMax: undefined })).toEqual(validateOptions({}))
  })
})

describe.each(definitions)('the option %s', (name, definition) => {
  it.each(wrongValues(definition).map((value) => ({ value })))(
    'refuses $value with its name and its range',
    ({ value }) => {
      const refusal = refusalOf({ [name]: value })
      expect(refusal.kind).toBe('bad-request')
      expect(refusal.message).toContain(name)
      for (const part of statedRange(definition)) expect(refusal.message).toContain(part)
    },
  )

  it.each(rightValues(definition).map((value) => ({ value })))('takes $value', ({ value }) => {
    const room = roomFor[name] ?? {}
    expect(validateOptions({ ...room, [name]: value })[name]).toBe(value)
  })
})

it.each([Number.NaN, Number.POSITIVE_INFINITY])('names the value %d as it was given', (value) => {
  expect(refusalOf({ mailboxMax: value }).message).toContain(`mailboxMax is ${value}`)
})

it.each(['mailboxmax', 'workers', '', 'toString', 'constructor', '__proto__'])(
  'refuses the unknown option %j and lists those there are',
  (name) => {
    const refusal = refusalOf(Object.fromEntries([[name, 1]]))
    expect(refusal.kind).toBe('bad-request')
    expect(refusal.message).toBe(`unknown option ${JSON.stringify(name)}`)
    for (const [known] of definitions) expect(refusal.hint).toContain(known)
  },
)

it.each([
  [{ utilizationLow: 80 }, 'utilizationLow is 80, allowed is less than utilizationHigh, which is 80'],
  [{ patternMinimum: 3, patternMaximum: 2 }, 'patternMinimum is 3, allowed is at most patternMaximum, which is 2'],
])('thresholds in the wrong order are refused: %j', (options, message) => {
  expect(refusalOf(options).message).toContain(message)
})

describe('the initial pattern', () => {
  it('may not exceed the workers of a core, and says how many those are', () => {
    const refusal = refusalOf({ workersPerCore: 2, initialPattern: 3 })
    expect(refusal.kind).toBe('bad-request')
    expect(refusal.message).toContain('initialPattern is 3')
    expect(refusal.message).toContain('1 to workersPerCore, which is 2')
  })

  it('may equal them', () => {
    expect(validateOptions({ workersPerCore: 3, initialPattern: 3 }).initialPattern).toBe(3)
  })

  it('follows a smaller number of workers when nobody gave it', () => {
    expect(validateOptions({ workersPerCore: 1 }).initialPattern).toBe(1)
  })
})

it('describes every option with its value, default, unit and range', () => {
  const infos = new LiveOptions({ mailboxMax: 7 }).infos()
  expect(infos.map((info) => info.name)).toEqual(definitions.map(([name]) => name))
  expect(infos.find((info) => info.name === 'mailboxMax')).toMatchObject({
    value: 7,
    default: 100,
    unit: 'tokens',
    allowed: 'a whole number from 1 to 4096',
  })
  expect(infos.find((info) => info.name === 'overflow')?.allowed).toBe('wait, spill or reject')
  expect(infos.find((info) => info.name === 'stealing')?.allowed).toBe('true (on) or false (off)')
  for (const info of infos) expect(info.summary.length).toBeGreaterThan(10)
})
