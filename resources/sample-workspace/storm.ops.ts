import { setTimeout as sleep } from 'node:timers/promises'
import { context, taskTokenGuard } from 'guardhouse'
import { stormKeys } from './lib/oracles.ts'

// A cache storm: four slow look-ups begin, and while they run, everybody asks for the same four keys.

const waves = 6
const waveInterval = 60

/** The slow look-up of a key: 1.5 seconds, then its square. */
export const anchor = taskTokenGuard({ operationType: 'storm.anchor' })(async (key: number) => {
  await sleep(1_500, undefined, { signal: context().signal })
  return key ** 2
})

/** A look-up of a key that others look up as well. */
export const lookUp = taskTokenGuard({ operationType: 'storm.lookUp', tags: { weight: 'light' } })(
  (key: number) => key ** 2,
)

/** Four anchors, then six waves of look-ups of their keys, 60 ms apart: 28 tokens. Counts wrong answers. */
export const storm = taskTokenGuard({ operationType: 'storm.run' })(async () => {
  const { signal } = context()
  const answers = stormKeys.map((key) => ({ key, token: anchor(key) }))
  for (let wave = 0; wave < waves; wave++) {
    await sleep(waveInterval, undefined, { signal })
    answers.push(...stormKeys.map((key) => ({ key, token: lookUp(key) })))
  }
  const squares = await Promise.all(answers.map(({ token }) => token))
  const mismatches = answers.filter(({ key }, index) => squares[index] !== key * key).length
  return { tokens: answers.length, mismatches }
})
