import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ScheduleBook } from './schedule-book.ts'
import { ScheduleStore } from './schedule-store.ts'

const noon = Date.UTC(2026, 0, 5, 12)
const asked = { operation: 'report', arguments: [7], cron: '*/10 * * * *', timezone: 'UTC', missed: 'skip' as const }

class Bench implements Disposable {
  now = noon
  known = new Set(['report'])
  refusal: Error | null = null
  readonly submitted: unknown[][] = []
  readonly problems: string[] = []
  readonly book: ScheduleBook

  constructor(store: ScheduleStore | null = null) {
    this.book = new ScheduleBook({
      store,
      submit: (operation, values) => {
        if (this.refusal !== null) throw this.refusal
        this.submitted.push([operation, ...values])
        return `token ${this.submitted.length}`
      },
      canRun: (operation) => this.known.has(operation),
      wallNow: () => this.now,
      onProblem: (text) => this.problems.push(text),
    })
  }

  after(minutes: number): void {
    this.now += minutes * 60_000
    this.book.tick()
  }

  [Symbol.dispose](): void {
    this.book[Symbol.dispose]()
  }
}

describe('a schedule', () => {
  it('runs its operation with its arguments at its times, once each', () => {
    using bench = new Bench()
    bench.book.create(asked, 'Ada')
    bench.after(9)
    expect(bench.submitted).toEqual([])
    bench.after(1)
    bench.book.tick()
    expect(bench.submitted).toEqual([['report', 7]])
    bench.after(10)
    expect(bench.book.list()[0]).toMatchObject({ runs: 2, lastToken: 'token 2', lastError: null, createdBy: 'Ada' })
    expect(bench.book.list()[0]?.nextRuns).toHaveLength(5)
  })

  it('does nothing while it is paused, though others run, and does not make up for it', () => {
    using bench = new Bench()
    const { id } = bench.book.create({ ...asked, missed: 'all' }, 'Ada')
    bench.book.create({ ...asked, arguments: [8], cron: '0 * * * *' }, 'Ada')
    bench.book.setPaused(id, true)
    bench.after(60)
    expect(bench.book.list()[0]?.nextRuns).toEqual([])
    expect(bench.submitted).toEqual([['report', 8]])
    bench.book.setPaused(id, false)
    bench.after(5)
    expect(bench.submitted).toHaveLength(1)
    bench.after(5)
    expect(bench.submitted).toEqual([
      ['report', 8],
      ['report', 7],
    ])
  })

  it('waits for an operation that cannot be run, and follows its policy once it can', () => {
    using bench = new Bench()
    bench.book.create({ ...asked, missed: 'once' }, 'Ada')
    bench.known.clear()
    bench.after(35)
    expect([bench.submitted.length, bench.book.list()[0]?.waits]).toEqual([0, true])
    bench.known.add('report')
    bench.book.operationsChanged()
    expect(bench.submitted).toHaveLength(1)
  })

  it('tells why a run was not accepted, and tries the next one', () => {
    using bench = new Bench()
    bench.book.create(asked, 'Ada')
    bench.refusal = new Error('the house is full')
    bench.after(10)
    expect(bench.book.list()[0]?.lastError).toBe('the house is full')
    expect(bench.problems[0]).toContain('report')
    bench.refusal = null
    bench.after(10)
    expect(bench.book.list()[0]).toMatchObject({ runs: 1, lastError: null })
  })

  it('can be run by hand and taken away', () => {
    using bench = new Bench()
    const { id } = bench.book.create(asked, 'Ada')
    expect(bench.book.runNow(id)).toBe('token 1')
    bench.book.delete(id)
    bench.after(60)
    expect(bench.submitted).toHaveLength(1)
    expect(() => bench.book.runNow(id)).toThrow('there is no schedule')
  })

  it('is not run again for a time that the clock goes through twice, says so, and can be let go on by hand', () => {
    using bench = new Bench()
    const { id } = bench.book.create(asked, 'Ada')
    bench.after(60)
    bench.after(-60)
    expect(bench.problems).toEqual([
      expect.stringMatching(/^The clock was set back by 60 minutes\..* pause and resume/),
    ])
    expect(bench.book.list()[0]?.nextRuns[0]).toBe(noon + 70 * 60_000)
    bench.after(10)
    expect(bench.submitted).toHaveLength(1)
    bench.book.setPaused(id, true)
    bench.book.setPaused(id, false)
    bench.after(10)
    expect(bench.submitted).toHaveLength(2)
    expect(bench.problems).toHaveLength(1)
  })

  it('is refused for an operation that there is not and an expression that cannot be read', () => {
    using bench = new Bench()
    expect(() => bench.book.create({ ...asked, operation: 'nowhere' }, 'Ada')).toThrow('no operation "nowhere"')
    expect(() => bench.book.create({ ...asked, cron: 'daily' }, 'Ada')).toThrow('cannot be read')
  })
})

it('schedules are there again after a restart, and what was missed follows their policy', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'guardhouse-schedules-'))
  try {
    const store = await ScheduleStore.open(folder)
    using before = new Bench(store)
    before.book.create({ ...asked, missed: 'all' }, 'Ada')
    await store.save([...(await settledSchedules(before))])
    const again = await ScheduleStore.open(folder)
    using after = new Bench(again)
    after.now = noon + 35 * 60_000
    after.book.tick()
    expect(after.submitted).toHaveLength(3)
    // Behind the write that the runs have begun.
    await again.save([])
    await writeFile(join(folder, 'schedules.json'), '{')
    const damaged = await ScheduleStore.open(folder)
    expect([damaged.kept.length, damaged.notice?.includes('damaged')]).toEqual([0, true])
  } finally {
    await rm(folder, { recursive: true })
  }
})

/** What the book keeps, with what only the file has. */
async function settledSchedules(bench: Bench) {
  return bench.book.list().map(({ nextRuns: _nextRuns, waits: _waits, ...kept }) => ({ ...kept, handledUntil: noon }))
}
