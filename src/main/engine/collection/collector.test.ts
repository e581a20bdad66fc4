import { describe, expect, it } from 'vitest'
import { GuardhouseError } from '../../../shared/errors.ts'
import { noAges } from '../../../shared/model/storage.ts'
import type { Collectable, CollectSettings } from './collectable.ts'
import { Collector, type CollectorParts } from './collector.ts'

const mebibyte = 1_048_576

/** Holds so many bytes, of which some are old. */
class Part implements Collectable {
  readonly kind: string
  bytes: number
  old: number
  readonly asked: CollectSettings[] = []

  constructor(kind: string, bytes: number, old = 0) {
    this.kind = kind
    this.bytes = bytes
    this.old = old
  }

  async inventory() {
    return [{ kind: this.kind, items: 1, bytes: this.bytes, ages: noAges() }]
  }

  async collect(settings: CollectSettings) {
    this.asked.push(settings)
    const { maxBytes, dryRun } = settings
    const bytes = Math.max(this.old, maxBytes === null ? 0 : this.bytes - maxBytes)
    if (!dryRun) {
      this.bytes -= bytes
      this.old = 0
    }
    return { items: 1, bytes, notes: [] as string[] }
  }
}

class Unreadable extends Part {
  override inventory(): never {
    throw new GuardhouseError('not-allowed', 'the folder cannot be read')
  }

  override collect(): never {
    throw new GuardhouseError('not-allowed', 'the folder cannot be read')
  }
}

function collectorOf(collectables: readonly Collectable[], maxBytes: number): Collector {
  const options = { hotDays: 30, warmDays: 365, storageMaxMiB: maxBytes / mebibyte } as ReturnType<
    CollectorParts['options']
  >
  return new Collector({ collectables, options: () => options, nowMs: () => 0 })
}

describe('a collection of several parts', () => {
  it('takes by age alone while all fits', async () => {
    const parts = [new Part('first', 100, 10), new Part('second', 100)]
    const report = await collectorOf(parts, 1000).run({ dryRun: false })
    expect(report).toMatchObject({ bytes: 10, bytesBefore: 200, cancelled: false })
    expect(parts.map(({ asked }) => asked.map((each) => each.maxBytes))).toEqual([[null], [null]])
  })

  it('takes of what is young only what is too much once everything old is gone, part by part', async () => {
    const parts = [new Part('first', 100), new Part('second', 100, 60), new Part('third', 100)]
    const dry = await collectorOf(parts, 200).run({ dryRun: true })
    expect(dry.parts.map(({ kind, bytes }) => [kind, bytes])).toEqual([
      ['first', 40],
      ['second', 60],
      ['third', 0],
    ])
    expect(parts.map(({ bytes }) => bytes)).toEqual([100, 100, 100])
    const run = await collectorOf(parts, 200).run({ dryRun: false })
    expect(run.parts).toEqual(dry.parts)
    expect(parts.map(({ bytes }) => bytes)).toEqual([60, 40, 100])
  })

  it('goes on to the next part when one cannot give enough', async () => {
    const parts = [new Part('first', 50), new Part('second', 100)]
    await collectorOf(parts, 70).run({ dryRun: false })
    expect(parts.map(({ bytes }) => bytes)).toEqual([0, 70])
  })

  it('collects the others when a part cannot be read, and says so', async () => {
    const parts = [new Unreadable('broken', 5), new Part('whole', 100, 30)]
    const collector = collectorOf(parts, 1000)
    const report = await collector.run({ dryRun: false })
    expect(report.parts).toEqual([
      { kind: 'broken', items: 0, bytes: 0, notes: ['Nothing of it was collected: the folder cannot be read.'] },
      { kind: 'whole', items: 1, bytes: 30, notes: [] },
    ])
    expect(await collector.inventory()).toMatchObject({
      kinds: [{ kind: 'whole' }],
      problems: ['broken cannot be looked at: the folder cannot be read'],
    })
  })

  it('leaves the parts alone that come after a cancel', async () => {
    const stop = new AbortController()
    const first = new Part('first', 100, 10)
    const collect = first.collect.bind(first)
    first.collect = async (settings) => {
      const removal = await collect(settings)
      stop.abort()
      return removal
    }
    const second = new Part('second', 100, 10)
    const report = await collectorOf([first, second], 1000).run({ dryRun: false, signal: stop.signal })
    expect(report).toMatchObject({ cancelled: true, bytes: 10 })
    expect(second.asked).toEqual([])
  })

  it('runs one at a time', async () => {
    const collector = collectorOf([new Part('first', 100)], 1000)
    const running = collector.run({ dryRun: true })
    await expect(collector.run({ dryRun: true })).rejects.toMatchObject({ kind: 'conflict' })
    await running
    await expect(collector.run({ dryRun: true })).resolves.toMatchObject({ dryRun: true })
  })
})
