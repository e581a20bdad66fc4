import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzzyFilter, fuzzyScore } from './fuzzy.ts'

describe('fuzzyScore', () => {
  it('finds exactly the texts that have the characters in their order', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.') }),
        fc.string({ unit: fc.constantFrom('a', 'b') }),
        (text, query) => {
          const pattern = new RegExp([...query].join('.*'))
          expect(fuzzyScore(query, text) !== null).toBe(pattern.test(text))
        },
      ),
    )
  })

  it('likes the starts of words and whole runs best', () => {
    const titles = ['Open the sample workspace', 'Resume admission', 'Run the sample', 'Theme of the system']
    expect(fuzzyFilter(titles, 'rs', (title) => title)[0]).toBe('Run the sample')
    expect(fuzzyFilter(titles, 'adm', (title) => title)).toEqual(['Resume admission'])
  })

  it('keeps the order when nothing is asked', () => {
    expect(fuzzyFilter(['b', 'a'], ' ', (text) => text)).toEqual(['b', 'a'])
  })
})
