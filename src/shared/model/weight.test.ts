import { describe, expect, test } from 'vitest'
import { weightOfOperation } from './weight.ts'

describe('the weight of an operation', () => {
  test('is its tag, whatever its name says', () => {
    expect(weightOfOperation('image.heavy', { weight: 'light' })).toBe('light')
  })

  test.each([
    ['image.heavy', 'heavy'],
    ['heavy_sum', 'heavy'],
    ['heavySum', 'heavy'],
    ['sumHEAVYLoad', 'heavy'],
    ['HEAVY', 'heavy'],
    ['light', 'light'],
    ['cpu-light', 'light'],
    ['lightPass2', 'light'],
    ['light.heavy', 'heavy'],
    ['highlight', 'medium'],
    ['flight.plan', 'medium'],
    ['delight', 'medium'],
    ['lightning', 'medium'],
    ['heavyweight', 'medium'],
    ['resize', 'medium'],
    ['', 'medium'],
  ])('is told by whole words: %s is %s', (operationType, weight) => {
    expect(weightOfOperation(operationType, {})).toBe(weight)
  })
})
