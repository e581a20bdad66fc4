import { describe, expect, it } from 'vitest'
import { PinnedWorker } from '../workers/pinned-worker.ts'
import { ThreadSource } from '../workers/thread-source.ts'
import { MonotonicClock } from '../workers/worker-clock.ts'
import { CoreState, shortMailboxMax } from './core-state.ts'

const nowhere = new URL('file:///nowhere')
const nothing = () => undefined
const owner = { ended: nothing, drained: nothing, message: nothing, gone: nothing }

/** A core with workers whose threads have not started, so that what they hold and ran can be said. */
function coreWith(...workers: readonly Partial<Pick<PinnedWorker, 'depth' | 'newestRun' | 'wakeTime'>>[]): CoreState {
  const settings = {
    size: { capacity: 16, arenaBytes: 1024 },
    threads: new ThreadSource(nowhere, { sdkEntry: nowhere }, () => 16),
    processes: { entry: nowhere, sdkEntry: nowhere, heapMiB: () => 16 },
    clock: new MonotonicClock(),
    mayWatch: false,
  }
  const made = workers.map((state, slot) =>
    Object.assign(new PinnedWorker({ core: 1, slot, cpu: 0 }, settings, owner), state),
  )
  return new CoreState(1, 0, made, made.length, 100)
}

describe('a mailbox', () => {
  it('holds ten times as many tokens while they are short', () => {
    const core = coreWith({ depth: 100, newestRun: 2 })
    core.routesShort = true
    expect(core.full).toBe(false)
    for (const worker of core.workers) worker.depth = 1000
    expect(core.full).toBe(true)
  })

  it('holds as few short tokens as long ones while its worker has to wait for its CPU', () => {
    const core = coreWith({ depth: 100, newestRun: 2, wakeTime: 3000 })
    core.routesShort = true
    expect(core.full).toBe(true)
    for (const worker of core.workers) worker.wakeTime = 20
    expect(core.full).toBe(false)
  })

  it('takes no long token beyond its usual bound, and no short one behind long ones', () => {
    const behindShort = coreWith({ depth: 100, newestRun: 2 })
    expect(behindShort.full).toBe(true)
    const behindLong = coreWith({ depth: 100, newestRun: 5000 })
    behindLong.routesShort = true
    expect(behindLong.full).toBe(true)
  })

  it.each([
    [1, 10],
    [100, 1000],
    [4096, 4096],
  ])('of %i places has %i for short tokens', (usual, short) => expect(shortMailboxMax(usual)).toBe(short))
})

describe('the slowest mailbox of a core', () => {
  it('is the one whose tokens will wait longest, not the one with most tokens', () => {
    const core = coreWith({ depth: 60, newestRun: 1 }, { depth: 3, newestRun: 900 })
    expect(core.slowestMailbox(0)?.slot).toBe(1)
    expect(core.slowestMailbox(0)?.expectedWait(0)).toBe(2 * 901)
  })

  it('is one whose thread has not run anything yet, whatever its tokens will take', () => {
    const core = coreWith({ depth: 60, newestRun: 900 }, { depth: 2 })
    expect(core.slowestMailbox(0)?.slot).toBe(1)
  })

  it('is none while every worker has one token at most', () => {
    expect(coreWith({ depth: 1, newestRun: 1 }, {}).slowestMailbox(0)).toBeNull()
  })
})
