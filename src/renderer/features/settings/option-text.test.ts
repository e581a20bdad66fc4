import { describe, expect, it } from 'vitest'
import type { OptionInfo } from '../../../shared/contract/options.ts'
import { optionProblem, optionText, plannedValue, readOption } from './option-text.ts'

const option: OptionInfo = {
  name: 'killGraceMs',
  group: 'Workers',
  summary: 'How long a killed operation may take.',
  kind: 'number',
  unit: 'ms',
  value: 1000,
  pending: null,
  default: 1000,
  allowed: 'a whole number from 0 to 600000',
  range: { minimum: 0, maximum: 600_000, whole: true },
  choices: [],
  live: true,
}

describe('a number typed for an option', () => {
  it('may have separators between thousands', () => {
    expect(readOption('1,000,000')).toBe(1_000_000)
    expect(readOption(' 2.5 ')).toBe(2.5)
  })

  it('is none when it is empty or has letters', () => {
    expect(readOption('  ')).toBeNaN()
    expect(readOption('many')).toBeNaN()
  })

  it.each([-1, 600_001, 0.5, Number.NaN])('is refused with the range when it is %d', (value) => {
    expect(optionProblem(option, value)).toBe('Allowed is a whole number from 0 to 600,000.')
  })

  it('is taken at both ends of the range', () => {
    expect([optionProblem(option, 0), optionProblem(option, 600_000)]).toEqual([null, null])
  })
})

it('shows what the next start will use', () => {
  expect(plannedValue({ ...option, pending: 5 })).toBe(5)
  expect(plannedValue(option)).toBe(1000)
})

it('writes switches as on and off and numbers with their unit', () => {
  expect([optionText(true, ''), optionText(12_000, 'ms'), optionText('wait', '')]).toEqual(['on', '12,000 ms', 'wait'])
})
