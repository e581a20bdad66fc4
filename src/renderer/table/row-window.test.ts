import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type RowMove, type RowPage, RowWindow } from './row-window.ts'

interface Row {
  readonly id: string
}

/** A host with a list that newest tokens are put in front of, as the table of tokens sees it. */
class ListHost {
  rows: Row[]
  version = 1
  readonly requests: { offset: number; limit: number }[] = []
  inFlight = 0
  mostInFlight = 0
  failing = false
  /** The oldest rows beyond this number are forgotten. */
  keep = Number.POSITIVE_INFINITY
  #next: number

  constructor(length: number) {
    this.#next = length
    this.rows = Array.from({ length }, (_, index) => ({ id: `t${length - index}` }))
  }

  add(count: number): void {
    for (let index = 0; index < count; index++) this.rows.unshift({ id: `t${++this.#next}` })
    this.rows.length = Math.min(this.rows.length, this.keep)
    this.version++
  }

  remove(...ids: string[]): void {
    this.rows = this.rows.filter((row) => !ids.includes(row.id))
    this.version++
  }

  read = async (offset: number, limit: number): Promise<RowPage<Row>> => {
    this.requests.push({ offset, limit })
    this.inFlight++
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight)
    const { version } = this
    const page = { rows: this.rows.slice(offset, offset + limit), matched: this.rows.length, version, ever: this.#next }
    await new Promise((resolve) => setTimeout(resolve, 5))
    this.inFlight--
    if (this.failing) throw new Error('the host is busy')
    return page
  }
}

let host: ListHost
let rows: RowWindow<Row, RowPage<Row>>
let moves: RowMove[]

function ids(first: number, last: number): (string | undefined)[] {
  return Array.from({ length: last - first + 1 }, (_, index) => rows.cache.get(first + index)?.id)
}

async function settle(): Promise<void> {
  rows.hostIsAt(host.version)
  await vi.advanceTimersByTimeAsync(1000)
}

beforeEach(async () => {
  vi.useFakeTimers()
  host = new ListHost(10_000)
  rows = new RowWindow((row) => row.id)
  moves = []
  rows.onMoved = (move) => moves.push(move)
  rows.setViewport({ first: 0, last: 20 })
  rows.ask(host.read)
  await vi.advanceTimersByTimeAsync(100)
})

afterEach(() => {
  rows[Symbol.dispose]()
  vi.useRealTimers()
})

describe('RowWindow reads', () => {
  it('what is in view and around it, in one request', () => {
    expect(host.requests).toEqual([{ offset: 0, limit: 200 }])
    expect(rows.snapshot()).toMatchObject({ count: 10_000, above: 0, asking: false })
    expect(ids(0, 1)).toEqual(['t10000', 't9999'])
  })

  it('one page at a time and not one for every scroll event', async () => {
    host.requests.length = 0
    for (let first = 0; first <= 9000; first += 10) {
      rows.setViewport({ first, last: first + 20 })
      await vi.advanceTimersByTimeAsync(2)
    }
    await vi.advanceTimersByTimeAsync(200)
    expect(host.mostInFlight).toBe(1)
    // 900 events in 1,800 ms; at most one request in 50 ms.
    expect(host.requests.length).toBeLessThan(40)
    expect(ids(9000, 9001)).toEqual(['t1000', 't999'])
  })

  it('no more than it needs when the view has gone on before the answer comes', async () => {
    rows.hold(true, null)
    rows.setViewport({ first: 5000, last: 5020 })
    await vi.advanceTimersByTimeAsync(100)
    host.requests.length = 0
    rows.setViewport({ first: 2000, last: 2020 })
    await vi.advanceTimersByTimeAsync(51)
    rows.setViewport({ first: 5000, last: 5020 })
    await vi.advanceTimersByTimeAsync(100)
    expect(host.requests.every(({ limit }) => limit < 500)).toBe(true)
    expect(ids(5000, 5000)).toEqual(['t5000'])
  })

  it('ahead of a slow scroll, so that no row is ever missing', async () => {
    for (let first = 0; first <= 2000; first += 3) {
      rows.setViewport({ first, last: first + 20 })
      expect(ids(first, first + 20)).not.toContain(undefined)
      await vi.advanceTimersByTimeAsync(16)
    }
  })

  it('again when the host has news, keeping old rows until new ones are there', async () => {
    host.add(1)
    rows.hostIsAt(host.version)
    expect(ids(0, 0)).toEqual(['t10000'])
    await vi.advanceTimersByTimeAsync(400)
    expect(ids(0, 0)).toEqual(['t10001'])
  })

  it('no faster than a person reads while news never end', async () => {
    host.requests.length = 0
    for (let news = 0; news < 100; news++) {
      host.add(1)
      rows.hostIsAt(host.version)
      await vi.advanceTimersByTimeAsync(20)
    }
    expect(host.requests.length).toBeLessThan(9)
  })

  it('nothing while nothing changes', async () => {
    await settle()
    host.requests.length = 0
    await vi.advanceTimersByTimeAsync(60_000)
    expect(host.requests).toEqual([])
  })

  it('another question, and lets answers to the old one go', async () => {
    const other = new ListHost(3)
    rows.hostIsAt(99)
    await vi.advanceTimersByTimeAsync(301)
    rows.ask(other.read)
    expect(rows.snapshot().asking).toBe(true)
    expect(ids(0, 0)).toEqual(['t10000'])
    await vi.advanceTimersByTimeAsync(100)
    expect(rows.snapshot()).toMatchObject({ count: 3, asking: false })
    expect(ids(0, 3)).toEqual(['t3', 't2', 't1', undefined])
  })

  it('again after a failure, and says so meanwhile', async () => {
    host.failing = true
    host.add(1)
    rows.hostIsAt(host.version)
    await vi.advanceTimersByTimeAsync(400)
    expect(rows.snapshot().error).toBeInstanceOf(Error)
    expect(ids(0, 0)).toEqual(['t10000'])
    host.failing = false
    await vi.advanceTimersByTimeAsync(2100)
    expect(rows.snapshot().error).toBeNull()
    expect(ids(0, 0)).toEqual(['t10001'])
  })

  it('any range, also of rows it never saw', async () => {
    const range = rows.range({ first: 2500, last: 4499 })
    await vi.advanceTimersByTimeAsync(100)
    const read = await range
    expect(read).toHaveLength(2000)
    expect(read[0]?.id).toBe('t7500')
    expect(read.at(-1)?.id).toBe('t5501')
  })
})

describe('a RowWindow that follows', () => {
  it('shows new rows and takes what is known along', async () => {
    host.add(5)
    await settle()
    expect(ids(0, 5)).toEqual(['t10005', 't10004', 't10003', 't10002', 't10001', 't10000'])
    expect(moves).toEqual([{ by: 5, cause: 'followed' }])
    expect(rows.snapshot()).toMatchObject({ above: 0, count: 10_005 })
  })
})

describe('a held RowWindow', () => {
  beforeEach(async () => {
    rows.hold(true, null)
    rows.setViewport({ first: 50, last: 70 })
    await vi.advanceTimersByTimeAsync(100)
  })

  it('keeps every row in its place and counts what came above', async () => {
    const before = ids(50, 70)
    host.add(7)
    await settle()
    host.add(5)
    await settle()
    expect(ids(50, 70)).toEqual(before)
    expect(rows.snapshot()).toMatchObject({ above: 12, count: 10_000 })
    expect(moves).toEqual([])
  })

  it('finds its rows again when more came than a page holds', async () => {
    const before = ids(50, 70)
    host.add(3000)
    await settle()
    expect(ids(50, 70)).toEqual(before)
    expect(rows.snapshot().above).toBe(3000)
  })

  it('finds its rows again while as many are forgotten as come', async () => {
    host.keep = host.rows.length
    const before = ids(50, 70)
    for (let second = 0; second < 5; second++) {
      host.add(400)
      await settle()
    }
    expect(ids(50, 70)).toEqual(before)
    expect(rows.snapshot()).toMatchObject({ above: 2000, count: 8000 })
  })

  it('finds its rows again in a filtered list, of which nobody knows how it grew', async () => {
    const before = ids(50, 70)
    const read = host.read
    // Of a hundred new tokens one matches.
    vi.spyOn(host, 'read').mockImplementation(async (offset, limit) => {
      const page = await read(offset, limit)
      return { ...page, ever: (page.ever ?? 0) * 100 }
    })
    rows.ask(host.read)
    await settle()
    rows.setViewport({ first: 50, last: 70 })
    await settle()
    host.add(500)
    await settle()
    expect(ids(50, 70)).toEqual(before)
    expect(rows.snapshot().above).toBe(500)
  })

  it('shows them when asked', async () => {
    host.add(12)
    await settle()
    rows.showAbove()
    expect(rows.snapshot()).toMatchObject({ above: 0, count: 10_012 })
    expect(moves).toEqual([{ by: 12, cause: 'shown' }])
    await vi.advanceTimersByTimeAsync(100)
    expect(ids(0, 0)).toEqual(['t10012'])
    expect(ids(62, 62)).toEqual(['t9950'])
  })

  it('shows them when it is no longer held', async () => {
    host.add(12)
    await settle()
    rows.hold(false, null)
    expect(rows.snapshot().above).toBe(0)
  })

  it('is right when the rows above are shown while an answer is on its way', async () => {
    host.add(12)
    await settle()
    host.add(3)
    rows.hostIsAt(host.version)
    await vi.advanceTimersByTimeAsync(301)
    rows.showAbove()
    await settle()
    const { above } = rows.snapshot()
    expect(ids(20, 21)).toEqual([`t${10_015 - above - 20}`, `t${10_015 - above - 21}`])
  })

  it('moves up in the list when rows above it go away', async () => {
    const [first] = ids(50, 50)
    host.remove('t10000', 't9999', 't9998')
    await settle()
    expect(moves).toEqual([{ by: -3, cause: 'gone' }])
    expect(ids(47, 47)).toEqual([first])
    expect(rows.snapshot()).toMatchObject({ above: 0, count: 9997 })
  })

  it('takes rows that go away off those that came', async () => {
    const [first] = ids(50, 50)
    host.add(10)
    await settle()
    host.remove('t10000', 't9999')
    await settle()
    expect(ids(50, 50)).toEqual([first])
    expect(rows.snapshot().above).toBe(8)
    expect(moves).toEqual([])
  })

  it('keeps the row under the pointer when a row between goes away', async () => {
    rows.hold(true, 60)
    const [pointed] = ids(60, 60)
    host.add(4)
    host.remove('t9945')
    await settle()
    expect(ids(60, 60)).toEqual([pointed])
  })
})
