import { describe, expect, it } from 'vitest'
import type { CollectSettings } from './collectable.ts'
import { DatedCollectable, type DatedItem, type DatedSource } from './dated-collectable.ts'

const dayMs = 86_400_000
const nowMs = 1000 * dayMs

class Things implements DatedSource {
  readonly kind = 'things'
  readonly inOrder: boolean
  items: DatedItem[]
  readonly held = new Map<string, string>()
  readonly stuck = new Set<string>()

  /** Each of 10 bytes, named by its age in days. */
  constructor(ages: readonly number[], inOrder = false) {
    this.items = ages.map((age) => ({ name: `${age}`, bytes: 10, at: nowMs - age * dayMs }))
    this.inOrder = inOrder
  }

  days(): number {
    return 30
  }

  async list() {
    return this.items
  }

  async holding() {
    return async ({ name }: DatedItem) => this.held.get(name) ?? null
  }

  async remove({ name }: DatedItem) {
    if (this.stuck.has(name)) throw new Error('it is read-only')
    this.items = this.items.filter((item) => item.name !== name)
    return true
  }

  async collect(changes: Partial<CollectSettings> = {}) {
    return await new DatedCollectable(this).collect({
      policy: { hotDays: 30, warmDays: 365, maxTotalBytes: 1000 },
      maxBytes: null,
      nowMs,
      dryRun: false,
      signal: new AbortController().signal,
      progress: () => undefined,
      ...changes,
    })
  }

  get names(): string[] {
    return this.items.map(({ name }) => name)
  }
}

describe('things of one kind', () => {
  it('are counted by age', async () => {
    const [kind] = await new DatedCollectable(new Things([0.5, 3, 400])).inventory(nowMs)
    expect(kind).toMatchObject({ items: 3, bytes: 30 })
    expect(kind?.ages.map(({ items }) => items)).toEqual([1, 1, 0, 0, 0, 1])
  })

  it('go when they are too old, and a dry run says which', async () => {
    const things = new Things([1, 31, 29, 90])
    expect(await things.collect({ dryRun: true })).toEqual({ items: 2, bytes: 20, notes: [] })
    expect(things.items).toHaveLength(4)
    expect(await things.collect()).toEqual({ items: 2, bytes: 20, notes: [] })
    expect(things.names).toEqual(['1', '29'])
  })

  it('go oldest first when they are too much, and no more than needed', async () => {
    const things = new Things([1, 2, 3, 4])
    expect(await things.collect({ maxBytes: 25 })).toMatchObject({ items: 2 })
    expect(things.names).toEqual(['1', '2'])
  })

  it('stay when something needs them, and it is told why', async () => {
    const things = new Things([1, 50, 60, 70])
    things.held.set('60', 'the run goes on')
    const { items, notes } = await things.collect()
    expect([items, notes]).toEqual([2, ['1 that would be due stays: the run goes on.']])
    expect(things.names).toEqual(['1', '60'])
  })

  it('that are read in order stay from the first needed one on', async () => {
    const things = new Things([1, 50, 60, 70], true)
    things.held.set('60', 'it is needed')
    await things.collect()
    expect(things.names).toEqual(['1', '50', '60'])
  })

  it('that cannot be removed keep no others, and are told', async () => {
    const things = new Things([50, 60, 70])
    things.stuck.add('60')
    expect(await things.collect()).toEqual({
      items: 2,
      bytes: 20,
      notes: ['1 could not be removed: it is read-only'],
    })
    expect(things.names).toEqual(['60'])
  })

  it('stay after a cancel', async () => {
    const things = new Things([50, 60])
    const stop = new AbortController()
    await things.collect({ signal: stop.signal, progress: () => stop.abort() })
    expect(things.names).toEqual(['50'])
  })
})
