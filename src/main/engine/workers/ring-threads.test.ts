import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { allocateRing, RingConsumer, recordDoubles, recordWords } from './ring.ts'
import type { RingProducerData } from './ring-producer.fixture.ts'

it('passes 200,000 records from one thread to another in order, with their payloads, and sleeps in between', async () => {
  const size = { capacity: 64, arenaBytes: 2048 }
  const records = 200_000
  const memory = allocateRing(size)
  const consumer = new RingConsumer(memory, size)
  const workerData: RingProducerData = { memory, size, records }
  const worker = new Worker(new URL('./ring-producer.fixture.ts', import.meta.url), { workerData })
  const ended = once(worker, 'exit')

  let received = 0
  let wrong = 0
  let withPayload = 0
  while (received < records) {
    const seen = consumer.bell()
    for (let number = consumer.peek(); number >= 0; number = consumer.peek()) {
      received += 1
      const place = consumer.place(number)
      if (consumer.doubles[place * recordDoubles + 1] !== received) wrong += 1
      const offset = consumer.words[place * recordWords + 4] ?? -1
      const end = consumer.words[place * recordWords + 5] ?? 0
      if (offset >= 0) {
        withPayload += 1
        const payload = consumer.arena.subarray(offset, offset + (received % 40))
        for (const byte of payload) if (byte !== received % 251) wrong += 1
      }
      consumer.release(offset >= 0 ? end : null)
    }
    if (received === records) break
    const rung = consumer.sleepAsync(seen)
    if (rung === null) continue
    await rung
    consumer.awake()
  }

  expect(wrong).toBe(0)
  expect(withPayload).toBeGreaterThan(records / 2)
  expect(await ended).toEqual([0])
  expect(consumer.peek()).toBe(-1)
})
