import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tuple, TupleValue } from '../../../../shared/model/bus.ts'
import { openLoggedStore } from '../stores/logged-store.ts'
import { TupleSpace } from '../tuple-space.ts'
import { canonicalText } from '../tuple-text.ts'
import { anyTupleValue } from '../tuple-values.fixture.ts'
import { replayLog } from './replay-log.ts'

const step = fc.oneof(
  { arbitrary: fc.record({ value: anyTupleValue }), weight: 3 },
  { arbitrary: fc.record({ take: fc.nat(5) }), weight: 2 },
  { arbitrary: fc.constant('reopen' as const), weight: 1 },
)

async function inFolder(work: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'guardhouse-log-'))
  try {
    await work(join(folder, 'tuples.jsonl'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function open(path: string, maxBytes: number): Promise<TupleSpace> {
  return new TupleSpace({ store: (await openLoggedStore({ path, maxBytes })).store })
}

const texts = (tuples: readonly Tuple[]) => tuples.map((tuple) => canonicalText(tuple))

describe('the tuple log', () => {
  it('gives back to the letter what was put and not taken, over any number of parts and starts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.integer({ min: 100, max: 1500 }), (steps, maxBytes) =>
        inFolder(async (path) => {
          const left: string[] = []
          let space = await open(path, maxBytes)
          for (const one of steps) {
            if (one === 'reopen') {
              await space.close()
              space = await open(path, maxBytes)
            } else if ('take' in one) {
              const taken = await space.inp(({ id }) => id === `t-${one.take}`)
              if (taken !== null) left.splice(left.indexOf(canonicalText(taken)), 1)
            } else {
              const fields: Record<string, TupleValue> = { lane: 'a', value: one.value, id: `t-${left.length}` }
              const before = (await space.all()).length
              await space.out(fields)
              const all = await space.all()
              if (all.length > before) left.push(canonicalText(all.at(-1) ?? null))
            }
            expect(texts(await space.all())).toEqual(left)
          }
          await space.close()
          const replay = await replayLog(path)
          expect([texts(replay.tuples), replay.problems]).toEqual([left, []])
        }),
      ),
      { numRuns: 15 },
    )
  })

  it('gives back what its whole lines say, wherever it was cut', async () => {
    await inFolder(async (path) => {
      const space = await open(path, 1 << 20)
      const states: string[][] = [[]]
      for (let n = 0; n < 4; n++) {
        if (n === 2) await space.in({})
        else await space.out({ n, text: `line\u2028${n}`, big: 2n ** 70n, x: 1e-7 })
        states.push(texts(await space.all()))
      }
      await space.close()
      const bytes = await readFile(path)
      const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at)
      expect(ends.length).toBe(4)
      for (let cut = 0; cut <= bytes.length; cut += 11) {
        await writeFile(path, bytes.subarray(0, cut))
        const whole = ends.filter((end) => end <= cut).length
        const { tuples, skipped } = await replayLog(path)
        const inLine = cut > 0 && !ends.includes(cut) && !ends.includes(cut - 1)
        expect([texts(tuples), skipped], `cut at ${cut}`).toEqual([states[whole], inLine ? 1 : 0])
      }
    })
  })
})
