import { expect, it } from 'vitest'
import { outcomeText } from './decision-words.ts'
import { patternStretches } from './pattern-steps.ts'

const change = (at: number, core: number, from: number, to: number) => ({ at, core, from, to, by: 'wait', decision: 1 })

it('shows the present pattern all along when nothing changed', () => {
  expect(patternStretches([], 1, 3, 0, 100)).toEqual([{ from: 0, to: 100, pattern: 3 }])
})

it('begins with what was before the first change, and leaves other cores and older changes out', () => {
  const changes = [change(5, 1, 2, 3), change(40, 2, 4, 3), change(60, 1, 3, 4)]
  expect(patternStretches(changes, 1, 4, 10, 100)).toEqual([
    { from: 10, to: 60, pattern: 3 },
    { from: 60, to: 100, pattern: 4 },
  ])
})

it('tells what came of a look', () => {
  expect(outcomeText({ from: 2, to: 3, heldBy: null })).toBe('2 → 3 workers')
  expect(outcomeText({ from: 2, to: 2, heldBy: null })).toBe('2 workers kept')
  expect(outcomeText({ from: 2, to: 2, heldBy: 'cooldown' })).toContain('too recent')
})
