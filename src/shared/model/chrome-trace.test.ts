import { expect, it } from 'vitest'
import type { TimelineRun } from '../contract/timeline.ts'
import { chromeTrace } from './chrome-trace.ts'

const run: TimelineRun = {
  id: 'math.sum_1_1',
  operation: 'math.sum',
  state: 'COMPLETED',
  core: 2,
  slot: 1,
  createdAt: 100,
  startedAt: 150,
  endedAt: 400,
  attempt: 1,
}

function eventsOf(runs: readonly TimelineRun[]): { readonly ph: string; readonly [key: string]: unknown }[] {
  return JSON.parse(chromeTrace(runs, 1000, { pid: 7, version: '0.1.0', epochWall: 0 })).traceEvents
}

it('makes a complete event of every run, on a named thread for each worker', () => {
  const events = eventsOf([run])
  expect(events.filter((event) => event.ph === 'X')).toEqual([
    {
      name: 'math.sum',
      cat: 'token',
      ph: 'X',
      ts: 150,
      dur: 250,
      pid: 7,
      tid: 201,
      args: { id: 'math.sum_1_1', state: 'COMPLETED', attempt: 1, waited: 50 },
    },
  ])
  expect(events).toContainEqual({ name: 'thread_name', ph: 'M', pid: 7, tid: 201, args: { name: 'core 2, worker 1' } })
})

it('lets a run that goes on end now', () => {
  expect(eventsOf([{ ...run, state: 'EXECUTING', endedAt: null }]).find((event) => event.ph === 'X')?.dur).toBe(850)
})
