import { describe, expect, it } from 'vitest'
import { workerStates } from '../../../shared/contract/system.ts'
import { telemetryFrame } from '../../client/telemetry-frame.fixture.ts'
import { findProblems } from './problems.ts'

const running = workerStates.indexOf('running')
const replacing = workerStates.indexOf('replacing')
const well = { core: 1, slot: 0, state: running, asked: 0, confirmed: 0, lastCpu: 0 }

function problemsOf(workers: Parameters<typeof telemetryFrame>[0]['workers'], scalars = {}) {
  const frame = telemetryFrame({ now: 10_000_000, workers: workers ?? [], ...scalars })
  return findProblems({ frame, workspace: null, operations: null }).map((problem) => problem.id)
}

describe('findProblems', () => {
  it('finds nothing while all is well', () => {
    expect(problemsOf([well])).toEqual([])
    expect(findProblems({ frame: null, workspace: null, operations: null })).toEqual([])
  })

  it('finds a worker that was seen elsewhere, and one that is not bound only as that', () => {
    expect(problemsOf([{ ...well, drifts: 2 }])).toEqual(['drift'])
    expect(problemsOf([{ ...well, confirmed: -2, lastCpu: 1, drifts: 2 }])).toEqual(['unbound'])
  })

  it('does not mind where threads cannot be bound', () => {
    expect(problemsOf([{ ...well, confirmed: -1, lastCpu: -1 }])).toEqual([])
  })

  it('finds a worker that does not come back, but not one that is just replaced', () => {
    expect(problemsOf([{ ...well, state: replacing, since: 9_900_000 }])).toEqual([])
    expect(problemsOf([{ ...well, state: replacing, since: 5_000_000 }])).toEqual(['workers'])
  })

  it('names a module that does not load once', () => {
    const modules = ['a.ops.ts:2:1: Expected ","', 'no such file'].map((message) => ({
      module: 'a.ops.ts',
      state: 'failed' as const,
      operations: [],
      error: { kind: 'module-failed' as const, message },
    }))
    const workspace = {
      state: 'ready' as const,
      path: '/a',
      sample: false,
      modules,
      error: null,
      generation: 1,
      recent: [],
    }
    expect(findProblems({ frame: null, workspace, operations: null })[0]?.details).toEqual([
      'a.ops.ts:2:1: Expected ","',
      'a.ops.ts: no such file',
    ])
  })

  it('finds a shut gate and a busy control thread', () => {
    expect(problemsOf([well], { gatePaused: 1, controlShare: 0.97 })).toEqual(['gate', 'control'])
  })
})
