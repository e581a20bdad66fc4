import { expect, it } from 'vitest'
import type { ObservedToken } from '../scheduler/token-observer.ts'
import { TokenRecorder } from './token-recorder.ts'

const ended = {
  kind: 'ended',
  sequence: 1,
  operation: { operationType: 'image.resize', tags: { receipt: true } },
  worker: null,
  actions: [],
} as unknown as ObservedToken

it('receipts that wait for the disk are bounded: more are counted as lost, and told seldom', async () => {
  const notices: string[] = []
  const client = {
    waitingPuts: 199_999,
    puts: 0,
    put: async () => `${++client.puts}`,
    ask: async () => undefined as never,
  }
  const recorder = new TokenRecorder({
    ...{ client, policy: () => 'tagged', codeOf: () => null, epochWall: 0, cpuQuotaPct: () => 100 },
    notice: (text) => notices.push(text),
  })
  recorder.tokensChanged([ended])
  client.waitingPuts = 200_000
  for (let n = 0; n < 100; n += 1) recorder.tokensChanged([ended])
  await Promise.resolve()
  expect([client.puts, recorder.kept, recorder.lost]).toEqual([1, 1, 100])
  expect(notices).toHaveLength(7)
  expect(notices[0]).toBe('A receipt was not kept: more than 200000 wait for the disk')
  expect(notices[6]).toContain('64 receipts were not kept')
})
