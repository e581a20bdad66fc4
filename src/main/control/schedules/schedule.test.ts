import { describe, expect, it } from 'vitest'
import { checkCron, dueRuns, type KeptSchedule, mostMadeUp, nextRuns } from './schedule.ts'

const minute = 60_000
const noon = Date.UTC(2026, 0, 5, 12)

function schedule(change: Partial<KeptSchedule>): KeptSchedule {
  return {
    id: 's1',
    operation: 'noop',
    arguments: [],
    cron: '*/10 * * * *',
    timezone: 'UTC',
    missed: 'skip',
    paused: false,
    createdBy: 'Ada',
    createdAt: 0,
    runs: 0,
    lastRunAt: null,
    lastToken: null,
    lastError: null,
    handledUntil: noon,
    ...change,
  }
}

describe('a schedule that is looked at in time', () => {
  it('is due once when its time has come, and not before', () => {
    expect(dueRuns(schedule({}), noon + 9 * minute)).toBe(0)
    expect(dueRuns(schedule({}), noon + 10 * minute + 5)).toBe(1)
    expect(dueRuns(schedule({ handledUntil: noon + 10 * minute + 5 }), noon + 11 * minute)).toBe(0)
  })

  it('is not due again when the clock goes back', () => {
    expect(dueRuns(schedule({}), noon - 60 * minute)).toBe(0)
  })
})

describe('after the host was not there for an hour', () => {
  it.each([
    ['skip', 1],
    ['once', 1],
    ['all', 6],
  ] as const)('policy %s runs it %d times when one is on time', (missed, runs) => {
    expect(dueRuns(schedule({ missed }), noon + 60 * minute + 5)).toBe(runs)
  })

  it.each([
    ['skip', 0],
    ['once', 1],
    ['all', 5],
  ] as const)('policy %s runs it %d times when all were missed', (missed, runs) => {
    expect(dueRuns(schedule({ missed }), noon + 55 * minute)).toBe(runs)
  })

  it.each(['skip', 'once'] as const)('policy %s runs a schedule of every five seconds once', (missed) => {
    expect(dueRuns(schedule({ missed, cron: '*/5 * * * * *' }), noon + 60 * minute + 5)).toBe(1)
  })

  it('no policy makes up for more than is bearable', () => {
    expect(dueRuns(schedule({ missed: 'all', cron: '* * * * * *' }), noon + 60 * minute)).toBe(mostMadeUp)
  })
})

it('lists the next times in the timezone asked for', () => {
  expect(nextRuns('0 9 * * *', 'Europe/Berlin', noon, 2)).toEqual([Date.UTC(2026, 0, 6, 8), Date.UTC(2026, 0, 7, 8)])
})

it.each([
  ['every day', null, /cannot be read/, /^Write five fields/],
  ['61 * * * *', null, /cannot be read/, /^Write five fields/],
  ['0 0 30 2 *', null, /never comes due/, /no such day/],
  ['2020-01-01T00:00:00', null, /never comes due/, /is past/],
  ['0 0 * * *', 'Nowhere/Atlantis', /^there is no timezone "Nowhere\/Atlantis"$/, /IANA name/],
])('says what is wrong with %j in timezone %j, and what to do', (cron, timezone, message, hint) => {
  const refused = expect.objectContaining({
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  })
  expect(() => checkCron(cron, timezone)).toThrow(refused)
})
