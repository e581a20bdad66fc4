import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AuditEvents } from './audit-events.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function told(): { readonly ids: number[]; readonly events: AuditEvents } {
  const ids: number[] = []
  const events = new AuditEvents((event) => {
    if (event.kind === 'audit') ids.push(event.id)
  })
  return { ids, events }
}

it('tells of each new entry at once', () => {
  const { ids, events } = told()
  for (const id of [1, 2, 3]) events.tell(id)
  expect(ids).toEqual([1, 2, 3])
  vi.runAllTimers()
  expect(ids).toEqual([1, 2, 3])
})

it('tells of an entry that grows by thousands only now and then, and of its last change', () => {
  const { ids, events } = told()
  for (let change = 0; change < 10_000; change++) events.tell(1)
  expect(ids).toEqual([1])
  vi.runAllTimers()
  expect(ids).toEqual([1, 1])
})

it('tells of the last change of an entry before the next entry', () => {
  const { ids, events } = told()
  for (const id of [1, 1, 1, 2]) events.tell(id)
  vi.runAllTimers()
  expect(ids).toEqual([1, 1, 2])
})
