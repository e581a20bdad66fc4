import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { binaryPrefixBytes, type NotificationMessage } from '../../shared/contract/wire.ts'
import { BinarySender, batchIntervalMs, JsonSender, type LossLedger, maxWaitingItems } from './stream-senders.ts'

let ledger: LossLedger
beforeEach(() => {
  ledger = { framesMerged: 0, eventsDropped: 0 }
})

describe('a binary stream', () => {
  /** What the reader got: the number in each item, and how many it was told it had missed. */
  function openBinary() {
    const received: { number: number; merged: number }[] = []
    const sender = new BinarySender({
      subscription: 7,
      ledger,
      stamp: (item, merged) => item.setFloat64(8, merged, true),
      send: (message) => {
        const view = new DataView(message)
        expect(view.getUint32(0, true)).toBe(7)
        const at = binaryPrefixBytes
        received.push({ number: view.getFloat64(at, true), merged: view.getFloat64(at + 8, true) })
      },
    })
    return { sender, received }
  }

  function item(number: number): ArrayBuffer {
    return new Float64Array([number, -1]).buffer
  }

  test('sends nothing without credit, then only the newest', () => {
    const { sender, received } = openBinary()
    for (const number of [1, 2, 3]) sender.offer(item(number))
    expect(received).toEqual([])
    sender.grant(1)
    expect(received).toEqual([{ number: 3, merged: 2 }])
    expect(ledger.framesMerged).toBe(2)
  })

  test('uses up one credit for each item', () => {
    const { sender, received } = openBinary()
    sender.grant(2)
    for (const number of [1, 2, 3, 4]) sender.offer(item(number))
    expect(received.map(({ number }) => number)).toEqual([1, 2])
    sender.grant(2)
    sender.offer(item(5))
    expect(received.map(({ number }) => number)).toEqual([1, 2, 4, 5])
  })

  test('gives each reader a copy of its own', () => {
    const shared = item(1)
    const { sender } = openBinary()
    sender.grant(1)
    sender.offer(shared)
    expect([...new Float64Array(shared)]).toEqual([1, -1])
  })

  test('does not owe a reader that saves up credits more than so many items', () => {
    const { sender, received } = openBinary()
    for (let grant = 0; grant < 5; grant++) sender.grant(1000)
    for (let number = 0; number < 2000; number++) sender.offer(item(number))
    expect(received).toHaveLength(1000)
  })

  test('sends nothing once closed', () => {
    const { sender, received } = openBinary()
    sender.offer(item(1))
    sender.close()
    sender.grant(1)
    expect(received).toEqual([])
  })

  test('whatever the pace: items come in order, none twice, and every item was sent, merged or waits', () => {
    const steps = fc.array(fc.oneof(fc.constant('offer'), fc.integer({ min: 1, max: 3 })), { maxLength: 200 })
    fc.assert(
      fc.property(steps, (moves) => {
        ledger = { framesMerged: 0, eventsDropped: 0 }
        const { sender, received } = openBinary()
        let offered = 0
        let granted = 0
        for (const move of moves) {
          if (typeof move === 'number') {
            sender.grant(move)
            granted += move
          } else {
            offered += 1
            sender.offer(item(offered))
          }
        }
        const numbers = received.map(({ number }) => number)
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
        expect(received.length).toBeLessThanOrEqual(granted)
        const waiting = offered - received.length - ledger.framesMerged
        expect(waiting).toBeGreaterThanOrEqual(0)
        expect(waiting).toBeLessThanOrEqual(1)
        if (waiting === 0 && offered > 0) expect(numbers.at(-1)).toBe(offered)
      }),
    )
  })
})

describe('a json stream', () => {
  let received: unknown[]
  let sender: JsonSender<number | string>
  beforeEach(() => {
    vi.useFakeTimers()
    received = []
    sender = new JsonSender<number | string>({
      subscription: 1,
      ledger,
      dropped: (count) => `dropped ${count}`,
      send: (message: NotificationMessage) => received.push(message.params.item),
    })
  })
  afterEach(() => {
    sender.close()
    vi.useRealTimers()
  })

  test('sends the first item at once and the next ones together', () => {
    sender.offer(1)
    vi.advanceTimersByTime(1)
    expect(received).toEqual([1])
    sender.offer(2)
    sender.offer(3)
    vi.advanceTimersByTime(batchIntervalMs - 2)
    expect(received).toEqual([1])
    vi.advanceTimersByTime(2)
    expect(received).toEqual([1, 2, 3])
  })

  test('drops the oldest of what does not fit a batch, and says how many', () => {
    for (let number = 1; number <= maxWaitingItems + 10; number++) sender.offer(number)
    vi.advanceTimersByTime(1)
    expect(received[0]).toBe('dropped 10')
    expect(received[1]).toBe(11)
    expect(received).toHaveLength(maxWaitingItems + 1)
    expect(ledger.eventsDropped).toBe(10)
    sender.offer(0)
    vi.advanceTimersByTime(batchIntervalMs)
    expect(received.at(-2)).toBe(maxWaitingItems + 10)
    expect(received.at(-1)).toBe(0)
  })

  test('sends nothing once closed', () => {
    sender.offer(1)
    sender.close()
    vi.advanceTimersByTime(batchIntervalMs)
    expect(received).toEqual([])
  })
})
