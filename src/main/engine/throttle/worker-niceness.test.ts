import { getPriority } from 'node:os'
import { describe, expect, it } from 'vitest'
import { readThreadId } from '../cpu/libc.ts'
import { Niceness } from './niceness.ts'
import { WorkerNiceness } from './worker-niceness.ts'

/** Threads of a made-up system, at niceness 0 until somebody changes it. */
function system(privileged: boolean) {
  const threads = new Map([
    [11, 0],
    [12, 0],
  ])
  const notices: string[] = []
  const calls = {
    get: (id: number) => threads.get(id) ?? 0,
    set: (id: number, nice: number) => {
      if (nice < (threads.get(id) ?? 0) && !privileged) throw new Error(`permission denied`)
      threads.set(id, nice)
    },
  }
  const state = { quota: 50 }
  const workers = new WorkerNiceness({
    threads: () => [...threads.keys()].map((threadId) => ({ threadId })),
    quotaPct: () => state.quota,
    notice: (text) => notices.push(text),
    supported: true,
    nicenessOf: (id) => new Niceness(id, calls),
  })
  return { threads, notices, state, workers }
}

describe('the priority of workers', () => {
  it('follows the quota, also of threads that come later, and is given back', () => {
    const { threads, notices, state, workers } = system(true)
    workers.look()
    expect([...threads.values()]).toEqual([10, 10])
    threads.delete(11)
    threads.set(13, 0)
    state.quota = 95
    workers.look()
    expect([...threads]).toEqual([
      [12, 1],
      [13, 1],
    ])
    state.quota = 100
    workers.look()
    expect([...threads.values()]).toEqual([0, 0])
    expect(notices).toEqual([])
  })

  it('is given back when all is closed', () => {
    const { threads, workers } = system(true)
    workers.look()
    workers[Symbol.dispose]()
    expect([...threads.values()]).toEqual([0, 0])
  })

  it('that the system does not give back is told once, and new threads have the right one', () => {
    const { threads, notices, state, workers } = system(false)
    workers.look()
    state.quota = 100
    workers.look()
    workers.look()
    expect([...threads.values()]).toEqual([10, 10])
    expect(notices).toEqual([
      'The CPU quota is not applied as asked: the priority stays at 10: permission denied. Workers that start from now on have the right one.',
    ])
  })

  it('is left alone, and that is told, where threads have none of their own', () => {
    const notices: string[] = []
    const nicenessOf = () => {
      throw new Error('must not be asked')
    }
    const parts = { threads: () => [{ threadId: 1 }], notice: (text: string) => notices.push(text), supported: false }
    new WorkerNiceness({ ...parts, quotaPct: () => 100, nicenessOf }).look()
    expect(notices).toEqual([])
    new WorkerNiceness({ ...parts, quotaPct: () => 50, nicenessOf }).look()
    expect(notices).toEqual([
      'The CPU quota is not applied as asked: threads have no priority of their own on this system.',
    ])
  })

  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)('is really that of a thread', () => {
    const threadId = readThreadId() ?? 0
    const before = getPriority(threadId)
    const state = { quota: 50 }
    const workers = new WorkerNiceness({
      threads: () => [{ threadId }],
      quotaPct: () => state.quota,
      notice: (text) => expect(text).toBe(''),
    })
    workers.look()
    expect(getPriority(threadId)).toBe(Math.min(19, before + 10))
    state.quota = 100
    workers.look()
    expect(getPriority(threadId)).toBe(before)
  })
})
