import { setTimeout as sleep } from 'node:timers/promises'
import { context, taskTokenGuard } from 'guardhouse'
import { stormKeys } from './lib/oracles.ts'

// A cache storm: four slow look-ups begin, and while they run, everybody asks for the same four keys. All of them have the
// same anchor, and their argument is the key: for each key one token runs at a time, and all go to one core.

const waves = 6
const waveInterval = 60

interface LookUp {
  readonly square: number
  /** Milliseconds of the same clock in every thread. */
  readonly from: number
  readonly to: number
}

/** The slow look-up of a key: 1.5 seconds, then its square. */
export const anchor = taskTokenGuard({ operationType: 'storm.anchor', tags: { stickyAnchor: 'storm' } })(
  async (key: number): Promise<LookUp> => {
    const from = now()
    await sleep(1_500, undefined, { signal: context().signal })
    return { square: key ** 2, from, to: now() }
  },
)

/** A look-up of a key that others look up as well. */
export const lookUp = taskTokenGuard({
  operationType: 'storm.lookUp',
  tags: { weight: 'light', stickyAnchor: 'storm' },
})((key: number): LookUp => {
  const from = now()
  return { square: key ** 2, from, to: now() }
})

/**
 * Four anchors, then six waves of look-ups of their keys, 60 ms apart: 28 tokens. Counts wrong answers, keys seen on more than
 * one core, and look-ups of one key that overlapped.
 */
export const storm = taskTokenGuard({ operationType: 'storm.run' })(async () => {
  const { signal } = context()
  const answers = stormKeys.map((key) => ({ key, token: anchor(key) }))
  for (let wave = 0; wave < waves; wave++) {
    await sleep(waveInterval, undefined, { signal })
    answers.push(...stormKeys.map((key) => ({ key, token: lookUp(key) })))
  }
  const ended = await Promise.all(
    answers.map(async ({ key, token }) => ({ key, ...(await token), core: (await token.status()).core })),
  )
  const mismatches = ended.filter(({ key, square }) => square !== key * key).length
  const byKey = stormKeys.map((key) => ended.filter((each) => each.key === key))
  const misses = byKey.filter((runs) => new Set(runs.map(({ core }) => core)).size > 1).length
  return { tokens: answers.length, mismatches, misses, overlaps: byKey.filter(overlap).length }
})

function overlap(runs: readonly LookUp[]): boolean {
  const ordered = [...runs].sort((a, b) => a.from - b.from)
  return ordered.some(({ from }, index) => index > 0 && from < (ordered[index - 1]?.to ?? 0))
}

function now(): number {
  return performance.timeOrigin + performance.now()
}
