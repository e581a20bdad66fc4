import { workerData } from 'node:worker_threads'
import { RingProducer, type RingSize, recordDoubles } from './ring.ts'

/** A thread that sends the numbers 1 to `records` through a ring, in bursts of growing and shrinking length. */
export interface RingProducerData {
  readonly memory: SharedArrayBuffer
  readonly size: RingSize
  readonly records: number
}

const { memory, size, records } = workerData as RingProducerData
const producer = new RingProducer(memory, size)

for (let value = 1; value <= records; value++) {
  let number = producer.next()
  while (number < 0) {
    producer.ring()
    number = producer.next()
  }
  producer.doubles[producer.place(number) * recordDoubles + 1] = value
  const bytes = value % 40
  const offset = producer.reserveArena(40)
  producer.words[producer.place(number) * 16 + 4] = offset
  if (offset >= 0) {
    producer.arena.fill(value % 251, offset, offset + bytes)
    producer.words[producer.place(number) * 16 + 5] = producer.commitArena(offset, bytes)
  }
  producer.publish()
  if (value % ((value % 97) + 1) === 0) producer.ring()
}
producer.ring()
