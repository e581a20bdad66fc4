import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocateRing, RingConsumer, RingProducer, type RingSize, recordWords, ringCapacityFor } from './ring.ts'

/** Both ends of one ring. */
function makeRing(size: RingSize): { producer: RingProducer; consumer: RingConsumer } {
  const memory = allocateRing(size)
  return { producer: new RingProducer(memory, size), consumer: new RingConsumer(memory, size) }
}

/** Writes one number; false when the ring is full. */
function send(producer: RingProducer, value: number): boolean {
  const number = producer.next()
  if (number < 0) return false
  producer.words[producer.place(number) * recordWords + 1] = value
  producer.publish()
  return true
}

/** Takes the oldest number, or null when there is none. */
function receive(consumer: RingConsumer): number | null {
  const number = consumer.peek()
  if (number < 0) return null
  const value = consumer.words[consumer.place(number) * recordWords + 1] ?? Number.NaN
  consumer.release(null)
  return value
}

describe('a ring', () => {
  it('is empty at first, and full at its capacity', () => {
    const { producer, consumer } = makeRing({ capacity: 4, arenaBytes: 64 })
    expect(consumer.peek()).toBe(-1)
    expect([1, 2, 3, 4, 5].map((value) => send(producer, value))).toEqual([true, true, true, true, false])
    expect([1, 2, 3, 4, 5].map(() => receive(consumer))).toEqual([1, 2, 3, 4, null])
    expect(send(producer, 6)).toBe(true)
  })

  it('shows a record to the consumer only once it is published', () => {
    const { producer, consumer } = makeRing({ capacity: 2, arenaBytes: 64 })
    expect(producer.next()).toBe(0)
    expect(consumer.peek()).toBe(-1)
    producer.publish()
    expect(consumer.peek()).toBe(0)
    expect(consumer.peek()).toBe(0)
  })

  it('tells the producer which record is the oldest the consumer still holds', () => {
    const { producer, consumer } = makeRing({ capacity: 4, arenaBytes: 64 })
    for (const value of [1, 2, 3]) send(producer, value)
    expect(producer.oldest()).toBe(0)
    receive(consumer)
    receive(consumer)
    expect(producer.oldest()).toBe(2)
  })

  it('goes on over its places for ever', () => {
    const { producer, consumer } = makeRing({ capacity: 8, arenaBytes: 64 })
    for (let value = 0; value < 10_000; value++) {
      expect(send(producer, value)).toBe(true)
      expect(receive(consumer)).toBe(value)
    }
  })

  it('behaves as a bounded queue for any order of sending and receiving', () => {
    const steps = fc.array(fc.record({ send: fc.boolean(), times: fc.integer({ min: 1, max: 20 }) }), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), steps, (records, plan) => {
        const capacity = ringCapacityFor(records)
        const { producer, consumer } = makeRing({ capacity, arenaBytes: 64 })
        const model: number[] = []
        let next = 0
        for (const step of plan) {
          for (let time = 0; time < step.times; time++) {
            if (step.send) {
              const room = model.length < capacity
              expect(send(producer, next)).toBe(room)
              if (room) model.push(next++)
            } else expect(receive(consumer)).toBe(model.shift() ?? null)
          }
        }
      }),
    )
  })

  it('has a capacity that is a power of two and holds what was asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (records) => {
        const capacity = ringCapacityFor(records)
        expect(capacity).toBeGreaterThanOrEqual(records)
        expect(Math.log2(capacity) % 1).toBe(0)
      }),
    )
  })
})

describe('the bell of a ring', () => {
  it('lets nobody sleep who has not heard it', () => {
    const { producer, consumer } = makeRing({ capacity: 2, arenaBytes: 64 })
    const seen = consumer.bell()
    producer.ring()
    expect(consumer.sleepAsync(seen)).toBeNull()
    // Returns at once: a blocked test would never end.
    consumer.sleep(seen)
  })

  it('wakes whoever sleeps', async () => {
    const { producer, consumer } = makeRing({ capacity: 2, arenaBytes: 64 })
    const rung = consumer.sleepAsync(consumer.bell())
    expect(rung).not.toBeNull()
    producer.ring()
    expect(await rung).toBe('ok')
  })

  it('stays silent for one who watches, and wakes him again afterwards', async () => {
    const { producer, consumer } = makeRing({ capacity: 2, arenaBytes: 64 })
    let woken = false
    const rung = consumer.sleepAsync(consumer.bell())?.then(() => {
      woken = true
    })
    consumer.watch()
    producer.ring()
    await new Promise((resolve) => setImmediate(resolve))
    expect(woken).toBe(false)
    consumer.unwatch()
    producer.ring()
    await rung
    expect(woken).toBe(true)
  })
})

describe('the arena of a ring', () => {
  const arenaBytes = 1024

  it('gives contiguous room, and none when the consumer has not given any back', () => {
    const { producer } = makeRing({ capacity: 8, arenaBytes })
    const offsets = [0, 1].map(() => {
      const offset = producer.reserveArena(500)
      producer.commitArena(offset, 500)
      return offset
    })
    expect(offsets).toEqual([0, 504])
    expect(producer.reserveArena(500)).toBe(-1)
  })

  it('takes nothing before it is committed, and no more than was used', () => {
    const { producer } = makeRing({ capacity: 8, arenaBytes })
    expect(producer.reserveArena(500)).toBe(0)
    expect(producer.reserveArena(500)).toBe(0)
    expect(producer.commitArena(0, 9)).toBe(16)
    expect(producer.reserveArena(500)).toBe(16)
  })

  it('leaves the rest at its end unused rather than split a payload', () => {
    const { producer, consumer } = makeRing({ capacity: 8, arenaBytes })
    const end = producer.commitArena(producer.reserveArena(800), 800)
    producer.next()
    producer.publish()
    consumer.peek()
    consumer.release(end)
    expect(producer.reserveArena(400)).toBe(0)
  })

  it('never hands out bytes that the consumer still reads, however its positions wrap', () => {
    const sizes = fc.array(
      fc.record({ bytes: fc.integer({ min: 1, max: 300 }), take: fc.integer({ min: 0, max: 4 }) }),
      {
        minLength: 50,
        maxLength: 300,
      },
    )
    fc.assert(
      fc.property(sizes, (plan) => {
        const { producer, consumer } = makeRing({ capacity: 64, arenaBytes })
        const held: { offset: number; bytes: number; mark: number; end: number }[] = []
        const takeOldest = () => {
          const oldest = held.shift()
          if (oldest === undefined) return
          const { offset, bytes, mark, end } = oldest
          expect(consumer.arena.subarray(offset, offset + bytes).every((byte) => byte === mark)).toBe(true)
          consumer.peek()
          consumer.release(end)
        }
        for (const [index, { bytes, take }] of plan.entries()) {
          const offset = producer.next() < 0 ? -1 : producer.reserveArena(bytes)
          if (offset >= 0) {
            const mark = (index % 255) + 1
            producer.arena.fill(mark, offset, offset + bytes)
            held.push({ offset, bytes, mark, end: producer.commitArena(offset, bytes) })
            producer.publish()
          } else expect(held.length).toBeGreaterThan(0)
          for (let time = 0; time < take; time++) takeOldest()
        }
        while (held.length > 0) takeOldest()
      }),
    )
  })

  it('goes on when its positions pass 2^31 and 2^32', () => {
    const bytes = 2 ** 20
    const { producer, consumer } = makeRing({ capacity: 2, arenaBytes: 2 * bytes })
    for (let passed = 0; passed < 2 ** 32 + 4 * bytes; passed += bytes) {
      const offset = producer.reserveArena(bytes)
      expect(offset % bytes).toBe(0)
      expect(offset).toBeGreaterThanOrEqual(0)
      const end = producer.commitArena(offset, bytes)
      producer.next()
      producer.publish()
      consumer.peek()
      consumer.release(end)
    }
    expect(producer.reserveArena(2 * bytes)).toBeGreaterThanOrEqual(-1)
    expect(producer.reserveArena(bytes)).toBeGreaterThanOrEqual(0)
  })
})
