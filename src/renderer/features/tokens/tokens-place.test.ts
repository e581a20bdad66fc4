import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokenSortKeys } from '../../../shared/contract/tokens.ts'
import { tokenStates } from '../../../shared/model/token.ts'
import { changeFilter, everyToken, formatPlace, isUnfiltered, parsePlace } from './tokens-place.ts'

describe('parsePlace', () => {
  it('reads a token and nothing else from a short link', () => {
    expect(parsePlace([])).toEqual(everyToken)
    expect(parsePlace(['cpu.ladder_1763700000000000000_12'])).toEqual({
      ...everyToken,
      id: 'cpu.ladder_1763700000000000000_12',
    })
  })

  it('reads filters, order and view in any order', () => {
    expect(
      parsePlace(['view~full', 'states~KILLED~FAILED', 'id_1_2', 'cores~3~1', 'sort~ran~descending', 'text~a b']),
    ).toEqual({
      id: 'id_1_2',
      full: true,
      filter: { states: ['FAILED', 'KILLED'], cores: [3, 1], text: 'a b' },
      sort: { by: 'ran', direction: 'descending' },
    })
  })

  it('takes what is no filter for the id, whatever it looks like', () => {
    expect(parsePlace(['states~of~matter_1_2']).id).toBe('states~of~matter_1_2')
    expect(parsePlace(['sort~by~magic']).id).toBe('sort~by~magic')
    expect(parsePlace(['__proto__~x']).id).toBe('__proto__~x')
  })
})

describe('formatPlace', () => {
  it('is short where nothing was chosen', () => {
    expect(formatPlace(everyToken)).toEqual(['tokens'])
    expect(formatPlace({ ...everyToken, id: 'a_1_2' })).toEqual(['tokens', 'a_1_2'])
  })

  it('is read back as it was, whatever names operations have', () => {
    const name = fc.string({ minLength: 1 })
    const place = fc.record({
      id: fc.option(name.filter((id) => !id.includes('~'))),
      full: fc.constant(false),
      filter: fc
        .record({
          states: fc.subarray([...tokenStates]),
          operations: fc.uniqueArray(name),
          cores: fc.uniqueArray(fc.integer({ min: 1, max: 256 })),
          text: fc.string(),
          parent: fc.string(),
        })
        .map((filter) => changeFilter({}, filter)),
      sort: fc.record({
        by: fc.constantFrom(...tokenSortKeys),
        direction: fc.constantFrom('ascending' as const, 'descending' as const),
      }),
    })
    fc.assert(
      fc.property(place, (given) => {
        expect(parsePlace(formatPlace(given).slice(1))).toEqual(given)
      }),
    )
  })
})

describe('changeFilter', () => {
  it('leaves out what is empty, so that a filter without effect is none', () => {
    expect(isUnfiltered(changeFilter({ states: ['FAILED'], text: 'x' }, { states: [], text: '' }))).toBe(true)
    expect(changeFilter({ states: ['FAILED'] }, { cores: [1] })).toEqual({ states: ['FAILED'], cores: [1] })
  })
})
