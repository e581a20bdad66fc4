import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GuardhouseError } from '../../../shared/errors.ts'
import { CollectionSchedule, type ScheduleParts } from './collection-schedule.ts'

const mebibyte = 1_048_576
let now = new Date(2026, 5, 1, 1)
let free = 5000 * mebibyte
let collected: string[] = []
let notices: string[] = []
let collect: ScheduleParts['collect'] = async () => 0
let schedule: CollectionSchedule

beforeEach(() => {
  now = new Date(2026, 5, 1, 1)
  free = 5000 * mebibyte
  collected = []
  notices = []
  collect = async () => 0
  const options = { collectNightly: true, collectHour: 3, diskFloorMiB: 1000 } as ReturnType<ScheduleParts['options']>
  schedule = new CollectionSchedule({
    options: () => options,
    now: () => now,
    freeBytes: async () => free,
    collect: async (cause) => {
      collected.push(cause)
      return await collect(cause)
    },
    notice: (text) => notices.push(text),
  })
})

afterEach(() => schedule[Symbol.dispose]())

describe('a schedule of collections', () => {
  it('collects once in the chosen hour of each day', async () => {
    await schedule.look()
    expect(collected).toEqual([])
    for (const minute of [0, 1, 59]) {
      now = new Date(2026, 5, 1, 3, minute)
      await schedule.look()
    }
    now = new Date(2026, 5, 2, 3)
    await schedule.look()
    expect(collected).toEqual(['nightly', 'nightly'])
    expect(notices).toEqual([])
  })

  it('collects at once when the disk is nearly full, says what came of it, and then rests', async () => {
    free = 400 * mebibyte
    collect = async () => {
      free += 900 * mebibyte
      return 900 * mebibyte
    }
    await schedule.look()
    expect(notices).toEqual(['The disk is nearly full: a collection has freed 900 MiB, and 1,300 MiB are free now.'])
    free = 400 * mebibyte
    now = new Date(now.getTime() + 60_000)
    await schedule.look()
    expect(collected).toEqual(['disk pressure'])
    now = new Date(now.getTime() + 600_000)
    await schedule.look()
    expect(collected).toEqual(['disk pressure', 'disk pressure'])
  })

  it('says what to do when a collection is not enough', async () => {
    free = 400 * mebibyte
    await schedule.look()
    expect(notices.join()).toContain('less than the floor of 1,000 MiB')
    expect(notices.join()).toContain('make room on the disk')
  })

  it('tells once of a failure that repeats, and not of a collection that a person runs', async () => {
    free = 400 * mebibyte
    collect = () => Promise.reject(new GuardhouseError('conflict', 'a collection is running already'))
    await schedule.look()
    expect(notices).toEqual([])
    collect = () => Promise.reject(new GuardhouseError('not-allowed', 'the disk is read-only'))
    for (let minutes = 0; minutes < 3; minutes += 1) {
      now = new Date(now.getTime() + 600_000)
      await schedule.look()
    }
    expect(notices).toEqual(['A collection that was due has failed: the disk is read-only'])
  })
})
