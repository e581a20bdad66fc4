import { expect, it } from 'vitest'
import { entriesAsCsv, entriesAsJson } from './activity-export.ts'

const entry = {
  id: 7,
  at: Date.UTC(2026, 10, 21, 9, 5),
  actor: 'Ada',
  action: 'kill',
  target: 'a, "b"',
  reason: '=1+1',
  outcome: 'two\nlines',
}

it('writes times in UTC', () => {
  expect(JSON.parse(entriesAsJson([entry]))).toEqual([{ ...entry, at: '2026-11-21T09:05:00.000Z' }])
})

it('quotes what CSV would misread, and disarms what a spreadsheet would run', () => {
  expect(entriesAsCsv([entry])).toBe(
    'id,at,actor,action,target,reason,outcome\r\n7,2026-11-21T09:05:00.000Z,Ada,kill,"a, ""b""",\'=1+1,"two\nlines"',
  )
})
