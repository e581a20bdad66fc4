import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('./thread-pool.fixture.ts', import.meta.url))

async function countBoundThreads(
  start: 'warm' | 'cold',
): Promise<{ problem: string | null; bound: number; pool: number }> {
  const environment = { ...process.env, UV_THREADPOOL_SIZE: '4' }
  const { stdout } = await promisify(execFile)(process.execPath, [program, start], { env: environment })
  return JSON.parse(stdout)
}

// With a single CPU every mask is the same, and nothing can be told apart.
describe.runIf(process.platform === 'linux' && availableParallelism() > 1)('the thread pool', () => {
  it('warmed up first does not follow a worker to its CPU', async () => {
    expect(await countBoundThreads('warm')).toEqual({ problem: null, bound: 1, pool: 4 })
  })

  it('not warmed up is bound whole to the CPU of the first worker that uses it', async () => {
    expect(await countBoundThreads('cold')).toEqual({ problem: null, bound: 5, pool: 4 })
  })
})
