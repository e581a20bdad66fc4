import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import type { MemoryReading } from './memory.fixture.ts'

const program = fileURLToPath(new URL('./memory.fixture.ts', import.meta.url))
const mebibyte = 2 ** 20

it('a million tokens, killed, failed and retried ones among them, hold hardly more memory than a hundred thousand', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, '100000', '1000000'])
  const [first, last] = JSON.parse(stdout) as MemoryReading[]
  const before = assertDefined(first, 'it printed two readings')
  const after = assertDefined(last, 'it printed two readings')
  const grown = (after.heapUsed + after.external - before.heapUsed - before.external) / mebibyte
  const resident = (after.rss - before.rss) / mebibyte
  console.log(
    `900,000 tokens more: heap and buffers ${grown.toFixed(1)} MiB more, resident ${resident.toFixed(1)} MiB more`,
  )
  expect(after.tokens).toBeGreaterThanOrEqual(1_000_000)
  for (const count of Object.values(after.endings)) expect(count).toBeGreaterThan(5_000)
  // Measured are 2.7, of what fills up to its bound; one entry of an index for each token would make it 6.2.
  expect(grown).toBeLessThan(4.5)
}, 180_000)
