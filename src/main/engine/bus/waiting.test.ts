import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Template } from '../../../shared/model/bus.ts'
import { MemoryStore } from './stores/memory-store.ts'
import type { TupleStore } from './stores/tuple-store.ts'
import { TupleSpace } from './tuple-space.ts'

/** A store that does what it is asked in order, one thing whenever the test lets it. */
function slowStore() {
  const inner = new MemoryStore()
  const asked: (() => void)[] = []
  const later = <T>(work: () => T) => new Promise<T>((resolve) => asked.push(() => resolve(work())))
  const store = new Proxy(inner, {
    get: (target, name: keyof MemoryStore) => {
      if (name === 'shared') return true
      if (name === 'put') return (...values: Parameters<TupleStore['put']>) => later(() => target.put(...values))
      if (name === 'take') return (...values: Parameters<TupleStore['take']>) => later(() => target.take(...values))
      const value = target[name]
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value
    },
  })
  const step = async () => {
    asked.shift()?.()
    for (let turn = 0; turn < 5; turn++) await null
  }
  return { store, step, pending: () => asked.length }
}

const templates: readonly Template[] = [{ lane: 'a' }, { lane: 'b' }, {}, { lane: 'a', n: 1 }, { yool: 'y' }]
const tuples = [{ lane: 'a' }, { lane: 'b', n: 1 }, { lane: 'a', n: 1 }, { lane: 'b', yool: 'y' }, { yool: 'y' }]

const act = fc.oneof(
  fc.record({ put: fc.nat(tuples.length - 1) }),
  fc.record({ take: fc.nat(templates.length - 1), giveUp: fc.boolean() }),
  fc.constant({ step: true }),
)

it('nobody waits for a tuple that is there, however puts, takes and answers of the store follow one another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
      const { store, step, pending } = slowStore()
      const space = new TupleSpace({ store })
      let put = 0
      let taken = 0
      for (const one of acts) {
        if ('put' in one) {
          put += 1
          void space.out(tuples[one.put] ?? {})
        } else if ('take' in one) {
          const controller = new AbortController()
          const took = space.in(templates[one.take] ?? {}, { signal: controller.signal })
          took.then(
            () => {
              taken += 1
            },
            () => undefined,
          )
          if (one.giveUp) controller.abort(new Error('gave up'))
        } else await step()
      }
      while (pending() > 0) await step()
      const left = await space.all()
      expect(taken + left.length).toBe(put)
      for (const { matcher } of space.waiting()) {
        expect(await store.read(matcher)).toBeNull()
      }
      await space.close()
    }),
    { numRuns: 300 },
  )
})
