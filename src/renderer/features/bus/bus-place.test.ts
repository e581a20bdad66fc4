import { expect, it } from 'vitest'
import { formatBusPlace, parseBusPlace } from './bus-place.ts'

it('what is looked for and an open tuple are found again in the route, and nothing else matters', () => {
  const places = [
    { find: '', tuple: null },
    { find: 'work', tuple: null },
    { find: '{"n":7}', tuple: null },
    { find: '', tuple: 'sha256:ab' },
    { find: 'tuple', tuple: 'a/b' },
  ]
  for (const place of places) expect(parseBusPlace(formatBusPlace(place).slice(1))).toEqual(place)
  expect(parseBusPlace(['made', 'up', 'find'])).toEqual({ find: '', tuple: null })
})
