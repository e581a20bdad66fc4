import { describe, expect, it } from 'vitest'
import { summaryText } from './tokens-summary.tsx'

const page = { rows: [], matched: 4312, kept: 100_167, evicted: 4217, version: 1, now: 0 }

describe('summaryText', () => {
  it('says how many of how many are shown and how many are gone', () => {
    expect(summaryText(page, true)).toBe('4,312 of 100,167 kept tokens · 4,217 no longer kept')
    expect(summaryText({ ...page, matched: 100_167 }, false)).toBe('100,167 kept tokens · 4,217 no longer kept')
    expect(summaryText({ ...page, kept: 1, evicted: 0 }, false)).toBe('1 kept token')
  })

  it('says of a search for text what it has not looked at, and what it never looks at', () => {
    expect(summaryText({ ...page, evicted: 0, unsearched: 1200 }, true)).toBe(
      '4,312 of 100,167 kept tokens · 1,200 not searched yet',
    )
    expect(summaryText({ ...page, evicted: 0, unsearchable: 50_000 }, true)).toBe(
      '4,312 of 100,167 kept tokens · 50,000 too old to be searched for text',
    )
  })
})
