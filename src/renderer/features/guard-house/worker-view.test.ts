import { describe, expect, it } from 'vitest'
import { workerStates } from '../../../shared/contract/system.ts'
import { telemetryFrame } from '../../client/telemetry-frame.fixture.ts'
import { sameWorkers, slotsOfCore, workersOfCore } from './worker-view.ts'

const idle = workerStates.indexOf('idle')
const running = workerStates.indexOf('running')

function frameWith(workers: Parameters<typeof telemetryFrame>[0]['workers'], now = 5_000_000) {
  const frame = telemetryFrame({ now, ours: [0, 0], workers: workers ?? [] })
  frame.cores.pattern.set([2, 1])
  return frame
}

describe('the view of workers', () => {
  it('takes the workers of one core', () => {
    const views = workersOfCore(
      frameWith([
        { core: 1, slot: 0, state: idle },
        { core: 2, slot: 0, state: running, running: 7 },
      ]),
      2,
    )
    expect(views).toMatchObject([{ core: 2, slot: 0, state: 'running', running: 7 }])
  })

  it('lets the row of an idle worker rest while time goes by', () => {
    const before = workersOfCore(frameWith([{ core: 1, state: idle, since: 1 }], 1_000_000), 1)
    const after = workersOfCore(frameWith([{ core: 1, state: idle, since: 1 }], 9_000_000), 1)
    expect(sameWorkers(before, after)).toBe(true)
  })

  it('sees a worker that came, went or changed', () => {
    const one = workersOfCore(frameWith([{ core: 1, state: idle }]), 1)
    expect(sameWorkers(one, [])).toBe(false)
    expect(sameWorkers(one, workersOfCore(frameWith([{ core: 1, state: idle, executed: 1 }]), 1))).toBe(false)
  })

  it('has a row for every slot that routing may use, started or not, and for every worker beyond', () => {
    expect([slotsOfCore(frameWith([]), 1), slotsOfCore(frameWith([]), 2)]).toEqual([2, 1])
    expect(slotsOfCore(frameWith([{ core: 2, slot: 3, state: idle }]), 2)).toBe(4)
  })
})
