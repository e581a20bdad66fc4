import { expect, test } from 'vitest'
import { OpenTickets } from './open-tickets.ts'

test('a ticket that was not used within a minute is worth nothing', () => {
  let now = 0
  const tickets = new OpenTickets(() => now)
  const [early, late] = [tickets.issue(), tickets.issue()]
  now = 59_999
  expect(tickets.redeem(early)).toBe(true)
  now = 60_000
  expect(tickets.redeem(late)).toBe(false)
})
