import { describe, expect, it } from 'vitest'
import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import { lifeSegments, lifeSpan, lifeSteps, placeOf } from './life-cycle.ts'

type Attempt = TokenDetail['attempts'][number]

function attempt(state: Attempt['state'], times: Attempt['times'], number = 1): Attempt {
  return { attempt: number, state, core: 1, slot: 0, times, error: null }
}

const finished = {
  attempts: [attempt('COMPLETED', { created: 0, waiting: 1, admitted: 10, started: 40, ended: 100 })],
  now: 500,
}

describe('lifeSteps', () => {
  it('tells when each state was entered and how long it lasted', () => {
    expect(lifeSteps(finished).map(({ state, at, took }) => [state, at, took])).toEqual([
      ['CREATED', 0, 1],
      ['WAITING', 1, 9],
      ['ADMITTED', 10, 30],
      ['EXECUTING', 40, 60],
      ['COMPLETED', 100, null],
    ])
  })

  it('goes on to now while the token lives', () => {
    const running = { attempts: [attempt('EXECUTING', { created: 0, waiting: 0, admitted: 5, started: 9 })], now: 29 }
    expect(lifeSteps(running).at(-1)).toEqual({ attempt: 1, state: 'EXECUTING', at: 9, took: 20, lasts: true })
  })

  it('tells of a token that was killed before it ran', () => {
    const killed = { attempts: [attempt('KILLED', { created: 0, waiting: 0, ended: 7 })], now: 50 }
    expect(lifeSteps(killed).map(({ state, took }) => [state, took])).toEqual([
      ['CREATED', 0],
      ['WAITING', 7],
      ['KILLED', null],
    ])
  })

  it('begins a later attempt with its wait', () => {
    const retried = {
      attempts: [
        attempt('FAILED', { created: 0, waiting: 0, admitted: 1, started: 2, ended: 10 }),
        attempt('WAITING', { created: 0, waiting: 30 }, 2),
      ],
      now: 45,
    }
    expect(lifeSteps(retried).filter((step) => step.attempt === 2)).toEqual([
      { attempt: 2, state: 'WAITING', at: 30, took: 15, lasts: true },
    ])
    expect(lifeSpan(retried)).toEqual({ from: 0, to: 45 })
  })
})

describe('lifeSegments', () => {
  it('draws what takes time', () => {
    const segments = lifeSegments(lifeSteps(finished))
    expect(segments.map(({ state, from, to }) => [state, from, to])).toEqual([
      ['WAITING', 1, 10],
      ['ADMITTED', 10, 40],
      ['EXECUTING', 40, 100],
    ])
    expect(segments.every((segment) => !segment.lasts)).toBe(true)
  })

  it('fills the span', () => {
    const span = lifeSpan(finished)
    expect(placeOf({ from: 40, to: 100 }, span)).toEqual({ left: 40, width: 60 })
    expect(placeOf({ from: 3, to: 3 }, { from: 3, to: 3 })).toEqual({ left: 0, width: 100 })
  })
})
