import { expect, test } from 'vitest'
import { assignSlots } from './row-slots.ts'

test('rows that stay in sight keep their elements', () => {
  const before = assignSlots([], { first: 0, last: 9 }, 100)
  const after = assignSlots(before, { first: 3, last: 12 }, 100)
  for (const index of [3, 4, 5, 6, 7, 8, 9]) expect(after.indexOf(index)).toBe(before.indexOf(index))
})

test('however far it is scrolled, no element is made that is not needed', () => {
  let slots = assignSlots([], { first: 0, last: 39 }, 100_000)
  for (const first of [25, 50, 700, 99_960, 0, 13]) {
    slots = assignSlots(slots, { first, last: first + 25 }, 100_000)
    expect(slots).toHaveLength(40)
    for (let index = first; index <= first + 25; index++)
      expect(slots.filter((shown) => shown === index)).toEqual([index])
  }
})

test('no two elements show the same row, and none shows a row that is no more', () => {
  const before = assignSlots([], { first: 50, last: 89 }, 90)
  const after = assignSlots(before, { first: 10, last: 29 }, 60)
  expect(new Set(after).size).toBe(after.length)
  expect(Math.max(...after)).toBeLessThan(60)
})

test('an empty list has no slots', () => {
  expect(assignSlots([0, 1, 2], { first: 0, last: -1 }, 0)).toEqual([])
})
