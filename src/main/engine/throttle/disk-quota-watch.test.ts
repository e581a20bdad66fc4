import { describe, expect, it } from 'vitest'
import { DiskQuotaWatch } from './disk-quota-watch.ts'

const mib = 1 << 20

function watch(bytes: number) {
  const state = { bytes, quota: 10, now: 0, removable: 0, collections: [] as number[], notices: [] as string[] }
  const quota = new DiskQuotaWatch({
    path: '/kept',
    quotaMiB: () => state.quota,
    measure: async () => state.bytes,
    collect: async (maxBytes) => {
      state.collections.push(maxBytes)
      state.bytes -= state.removable
    },
    notice: (text) => state.notices.push(text),
    now: () => state.now,
  })
  return { state, quota, [Symbol.dispose]: () => quota[Symbol.dispose]() }
}

describe('a disk quota', () => {
  it('has what is too much collected, and refuses nothing when that helps', async () => {
    using test = watch(12 * mib)
    test.state.removable = 3 * mib
    await test.quota.look()
    expect(test.state).toMatchObject({ collections: [10 * mib], notices: [] })
    expect(() => test.quota.check()).not.toThrow()
  })

  it('refuses new work with one clear error while a collection does not help, and tells it once', async () => {
    using test = watch(12.5 * mib)
    await test.quota.look()
    await test.quota.look()
    const message = '12.5 MB lie below /kept, the quota is 10.0 MB'
    expect(() => test.quota.check()).toThrow(expect.objectContaining({ kind: 'overloaded', message }))
    expect(test.state.notices).toEqual([expect.stringContaining(`New work is refused: ${message}`)])
    expect(test.state.collections.length).toBe(1)
    test.state.now = 600_000
    test.state.removable = 5 * mib
    await test.quota.look()
    expect(() => test.quota.check()).not.toThrow()
    expect(test.state.notices.at(-1)).toContain('new work is accepted')
  })

  it('holds at once when it is changed, and 0 is none', async () => {
    using test = watch(12 * mib)
    await test.quota.look()
    test.state.quota = 13
    expect(() => test.quota.check()).not.toThrow()
    test.state.quota = 11
    expect(() => test.quota.check()).toThrow('quota is 11.0 MB')
    test.state.quota = 0
    expect(() => test.quota.check()).not.toThrow()
  })
})
