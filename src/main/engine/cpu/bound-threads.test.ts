import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import type { Binding } from '../../../shared/model/core.ts'
import type { BoundWorkerData } from './bound-worker.fixture.ts'
import { parseCpuList } from './cpu-list.ts'
import { createMachineSampler } from './machine-sampler.ts'
import { createThreadSampler } from './thread-sampler.ts'
import { readTopology } from './topology.ts'
import { UtilizationMeter } from './utilization.ts'

/** A bound worker thread, ended at the end of the scope. */
class BoundWorker implements AsyncDisposable {
  readonly binding: Promise<Binding>
  readonly #worker: Worker
  readonly #stop = new SharedArrayBuffer(4)

  constructor(cpu: number) {
    const workerData: BoundWorkerData = { cpu, stop: this.#stop }
    this.#worker = new Worker(new URL('./bound-worker.fixture.ts', import.meta.url), { workerData })
    this.binding = once(this.#worker, 'message').then(([binding]) => binding)
  }

  burn(): void {
    this.#worker.postMessage('burn')
  }

  /** CPU the thread was on when it stopped burning. */
  async rest(): Promise<number> {
    const message = once(this.#worker, 'message')
    Atomics.store(new Int32Array(this.#stop), 0, 1)
    const [cpu] = await message
    return cpu
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }
}

/** The kernel's word, by another way than the one under test. */
function maskOfThread(threadId: number): number[] | null {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/self/task/${threadId}/status`, 'utf8'))
  return parseCpuList(assertDefined(list?.[1], 'the kernel lists the mask of every thread'))
}

/** SCHED_BATCH is 3: field 41 of proc_pid_stat(5), counted behind the name, which may hold blanks. */
function policyOfThread(threadId: number): number {
  const fields = readFileSync(`/proc/self/task/${threadId}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
  return Number(fields?.[38])
}

async function boundThreadId(worker: BoundWorker): Promise<number> {
  const binding = await worker.binding
  expect(binding.problem).toBeNull()
  return assertDefined(binding.threadId, 'a bound thread has an id on Linux')
}

describe.runIf(process.platform === 'linux')('real worker threads', () => {
  const topology = readTopology()

  it.each(topology.cores.map((core) => core.cpu))(
    'bound to CPU %i stay there while they work, and are seen on its core',
    async (cpu) => {
      await using worker = new BoundWorker(cpu)
      const threadId = await boundThreadId(worker)
      expect(maskOfThread(threadId)).toEqual([cpu])

      using threads = createThreadSampler()
      using machine = createMachineSampler()
      threads.watch(threadId)
      const meter = new UtilizationMeter(topology.cores)
      const advance = () =>
        meter.advance({ at: performance.now() * 1000, machine: machine.sample(), threads: threads.sample() }, [
          { threadId, cpu },
        ])
      advance()
      worker.burn()
      const seen = () => {
        const { cores, drifts } = advance()
        expect(cores.filter((core) => core.cpu !== cpu).every((core) => core.ours === 0)).toBe(true)
        expect(drifts).toEqual([])
        return cores.find((core) => core.cpu === cpu)?.ours
      }
      // How much it gets is for whatever else wants the CPU to say.
      await expect.poll(seen).toBeGreaterThan(0.05)
      expect(await worker.rest()).toBe(cpu)
      expect(threads.sample()).toMatchObject([{ threadId, lastCpu: cpu }])
    },
  )

  it('that wait for their turn are batch threads to the kernel; the main thread stays what it was', async () => {
    const before = policyOfThread(process.pid)
    await using worker = new BoundWorker(assertDefined(topology.cores[0], 'there is a core').cpu)
    expect(policyOfThread(await boundThreadId(worker))).toBe(3)
    expect(policyOfThread(process.pid)).toBe(before)
  })

  it('bound one per CPU do not disturb each other or the main thread', async () => {
    const mainMask = maskOfThread(process.pid)
    await using workers = new AsyncDisposableStack()
    for (const { cpu } of topology.cores) {
      const threadId = await boundThreadId(workers.use(new BoundWorker(cpu)))
      expect(maskOfThread(threadId)).toEqual([cpu])
    }
    expect(maskOfThread(process.pid)).toEqual(mainMask)
  })

  it('that cannot be bound keep the mask they had, and say why', async () => {
    await using worker = new BoundWorker(8191)
    const binding = await worker.binding
    expect(binding.confirmed).toEqual(maskOfThread(process.pid))
    expect(binding.problem).toContain('CPU 8191')
  })

  it('keep their last CPU time in the readings after they have ended', async () => {
    using threads = createThreadSampler()
    const worker = new BoundWorker(assertDefined(topology.cores[0], 'there is a core').cpu)
    const threadId = await boundThreadId(worker)
    threads.watch(threadId)
    const [alive] = threads.sample()
    await worker[Symbol.asyncDispose]()
    expect(threads.sample()).toEqual([{ threadId, lastCpu: null, cpuTime: alive?.cpuTime }])
    expect(threads.sample()).toEqual([{ threadId, lastCpu: null, cpuTime: alive?.cpuTime }])
  })
})
