import { describe, expect, it } from 'vitest'
import { type LaunchPlan, type LaunchSurroundings, launch } from './launch.ts'

const submission = { operation: 'cpu.ladder', arguments: [5] }

function surroundings(stopAfter = Number.POSITIVE_INFINITY) {
  const stopping = new AbortController()
  const calls: string[] = []
  const waits: number[] = []
  const progress: number[] = []
  let created = 0
  const around: LaunchSurroundings = {
    signal: stopping.signal,
    call: (async (name: string, input: { count?: number }) => {
      calls.push(`${name} ${input.count ?? 1}`)
      const first = created + 1
      created += input.count ?? 1
      if (calls.length >= stopAfter) stopping.abort()
      return name === 'tokens.submit'
        ? { id: `t${first}` }
        : { count: input.count, first: `t${first}`, last: `t${created}` }
    }) as LaunchSurroundings['call'],
    wait: async (milliseconds) => {
      waits.push(milliseconds)
    },
    onProgress: (submitted) => progress.push(submitted),
  }
  return { around, calls, waits, progress, stopping }
}

function plan(count: number, burst: LaunchPlan['burst'] = null): LaunchPlan {
  return { submission, count, burst }
}

describe('launch', () => {
  it('submits one token by itself and several in one call', async () => {
    const one = surroundings()
    expect(await launch(plan(1), one.around)).toEqual({ count: 1, first: 't1', last: 't1' })
    expect(one.calls).toEqual(['tokens.submit 1'])
    const many = surroundings()
    expect(await launch(plan(1000), many.around)).toEqual({ count: 1000, first: 't1', last: 't1000' })
    expect(many.calls).toEqual(['tokens.submitMany 1000'])
  })

  it('sends bursts with a pause between them and none after the last', async () => {
    const { around, calls, waits, progress } = surroundings()
    expect(await launch(plan(25, { size: 10, everyMs: 200 }), around)).toEqual({ count: 25, first: 't1', last: 't25' })
    expect(calls).toEqual(['tokens.submitMany 10', 'tokens.submitMany 10', 'tokens.submitMany 5'])
    expect(waits).toEqual([200, 200])
    expect(progress).toEqual([10, 20, 25])
  })

  it('stops before the next burst and says what was submitted', async () => {
    const { around } = surroundings(2)
    expect(await launch(plan(100, { size: 10, everyMs: 0 }), around)).toEqual({ count: 20, first: 't1', last: 't20' })
    const before = surroundings()
    before.stopping.abort()
    expect(await launch(plan(5), before.around)).toBeNull()
  })
})
