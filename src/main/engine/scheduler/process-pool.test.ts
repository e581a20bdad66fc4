import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assertDefined } from '../../../shared/assert.ts'
import type { OperationTags } from '../../../shared/model/operation.ts'
import { isProcessAlive } from '../system/is-process-alive.ts'
import { runnableOperations, TestScheduler, type TestSettings } from './scheduler.fixture.ts'
import { until } from './until.fixture.ts'

const moduleUrl = new URL('./process-operations.fixture.ts', import.meta.url).href
const names = ['where', 'echo', 'mark', 'talk', 'obey', 'spin', 'listen', 'sum'].map((name) => `process.${name}`)

function processScheduler(tags: OperationTags = {}, settings: TestSettings = {}) {
  const operations = names.map((operationType) => ({ operationType, tags: { processPool: true, ...tags }, moduleUrl }))
  return TestScheduler.create({ ...settings, operations: [...operations, ...runnableOperations()] })
}

let folder: string
let files = 0
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardhouse-process-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const newFile = () => join(folder, `marks-${files++}`)

function linesOf(file: string): string[] {
  try {
    // Only what ends with a newline: a file is there, and empty, before its first line is.
    return readFileSync(file, 'utf8').split('\n').slice(0, -1)
  } catch {
    return []
  }
}

const processOf = (test: TestScheduler) => test.stats.workers[0]?.process ?? null

/** Waits until a run has left its first mark and the scheduler knows of its process, which may come to be known later; its id. */
async function processAtWork(test: TestScheduler, file: string): Promise<number> {
  await until('it runs in a process that is known', () => linesOf(file).length === 1 && processOf(test) !== null)
  return assertDefined(processOf(test), 'it is known')
}

interface Where {
  readonly pid: number
  readonly parent: number
  readonly mainThread: boolean
  readonly context: { readonly token: string; readonly attempt: number }
}

describe('an operation with processPool', () => {
  it('runs in a child process of its worker, which serves the next as well', async () => {
    await using test = await processScheduler()
    const token = test.submit('process.where')
    const where = (await token) as Where
    const context = { token: test.idOf(token), attempt: 1 }
    expect(where).toMatchObject({ parent: process.pid, mainThread: true, context })
    expect(where.pid).not.toBe(process.pid)
    expect((await test.submit('process.where')) as Where).toMatchObject({ pid: where.pid })
    expect(processOf(test)).toBe(where.pid)
  })

  it.runIf(process.platform === 'linux')('is bound to the core of its worker', async () => {
    await using test = await processScheduler()
    const { pid } = (await test.submit('process.where')) as Where
    const allowed = /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    expect(allowed).toBe(String(test.stats.workers[0]?.asked))
  })

  it('gets and gives everything that can be cloned', async () => {
    await using test = await processScheduler()
    const value = { text: 'ü', map: new Map([[1, new Set([2n])]]), bytes: Uint8Array.of(1, 2), at: new Date(5) }
    expect(await test.submit('process.echo', value)).toEqual(value)
    expect(await test.submit('process.echo')).toBeUndefined()
    expect(await test.submit('process.echo', 'x'.repeat(1_000_000))).toHaveLength(1_000_000)
  })

  it('logs, tells progress, and has children', async () => {
    await using test = await processScheduler()
    const token = test.submit('process.talk')
    await token
    const { log, progress } = test.detailOf(token)
    expect(log.map(({ level, text }) => [level, text])).toEqual([
      ['info', 'a line'],
      ['warn', 'another 2'],
    ])
    expect(progress).toEqual({ fraction: 1, text: 'done' })
    expect(await test.submit('process.sum', 4)).toBe(5)
  })

  it('keeps to storageSpeed as well', async () => {
    await using test = await processScheduler({ storageSpeed: 'SLOW' }, { options: { storageSlow: 1 } })
    expect(await Promise.all([1, 2, 3].map((value) => test.submit('process.echo', value)))).toEqual([1, 2, 3])
    expect(test.stats.tags.storage[0]).toMatchObject({ total_operations: 3, current_active: 0 })
  })
})

describe('an operation in a process is run once', () => {
  it('when it throws a TypeError of its own', async () => {
    await using test = await processScheduler()
    const file = newFile()
    const token = test.submit('process.mark', file, 'type-error')
    await expect(token.outcome).rejects.toMatchObject({ kind: 'operation-failed', name: 'TypeError' })
    expect(linesOf(file)).toEqual(['1'])
  })

  it('when its result cannot be cloned', async () => {
    await using test = await processScheduler()
    const file = newFile()
    await expect(test.submit('process.mark', file, 'function').outcome).rejects.toMatchObject({
      kind: 'not-cloneable',
      message: expect.stringContaining('the result of process.mark cannot leave its process'),
    })
    expect(linesOf(file)).toEqual(['1'])
  })

  it.each([
    ['exit', /ended with exit code 7/],
    ['abort', /ended with (the signal SIGABRT|exit code)/],
  ] as const)('when its process dies (%s); the next finds a new one', async (ending, why) => {
    await using test = await processScheduler()
    const file = newFile()
    await expect(test.submit('process.mark', file, ending).outcome).rejects.toMatchObject({
      kind: 'worker-lost',
      message: expect.stringMatching(why),
    })
    expect(linesOf(file)).toEqual(['1'])
    expect(await test.submit('process.mark', file, 'return')).toBe(1)
    expect(test.stats.workers[0]?.restarts).toBe(0)
  })

  it('again only when its tags and its error allow a retry', async () => {
    await using test = await processScheduler({ retry: { delay: 1 } })
    const file = newFile()
    expect(await test.submit('process.mark', file, 'retryable')).toBe(2)
    expect(linesOf(file)).toEqual(['1', '2'])
  })

  it('and not at all when an argument cannot be cloned', async () => {
    await using test = await processScheduler()
    for (const argument of [() => 1, new SharedArrayBuffer(8)]) {
      const token = test.submit('process.echo', argument)
      await expect(token.outcome).rejects.toMatchObject({ kind: 'not-cloneable' })
    }
    expect(processOf(test)).toBeNull()
  })
})

describe('a process that is killed from outside in the middle of a run', () => {
  /** Once the first attempt has begun. */
  async function killInTheMiddle(test: TestScheduler, file: string): Promise<void> {
    process.kill(await processAtWork(test, file), 'SIGKILL')
  }

  it('fails its token, which ran once; the next finds a new process', async () => {
    await using test = await processScheduler({ retry: { delay: 1 } })
    const file = newFile()
    const { outcome } = test.submit('process.mark', file, 'hang')
    await killInTheMiddle(test, file)
    await expect(outcome).rejects.toMatchObject({ kind: 'worker-lost', message: expect.stringContaining('SIGKILL') })
    expect(linesOf(file)).toEqual(['1'])
    expect(await test.submit('process.mark', newFile(), 'return')).toBe(1)
    expect(test.stats.workers[0]?.restarts).toBe(0)
  })

  it('is tried again in another one when the operation is idempotent', async () => {
    await using test = await processScheduler({ retry: { delay: 1 }, idempotent: true })
    const file = newFile()
    const { outcome } = test.submit('process.mark', file, 'hang')
    await killInTheMiddle(test, file)
    expect(await outcome).toBe(2)
    expect(linesOf(file)).toEqual(['1', '2'])
    expect(test.stats.tags.retries).toMatchObject({ total_retries_created: 1, total_retries_succeeded: 1 })
  })
})

describe('deadlines of operations in processes', () => {
  it('end a run that takes longer, and do not try it again', async () => {
    const tags = { retry: { delay: 1 }, idempotent: true }
    await using test = await processScheduler(tags, { options: { killGraceMs: 10 } })
    const file = newFile()
    await test.submit('process.echo', 1)
    const token = test.submitWith({ timeout: 100 }, 'process.mark', file, 'hang')
    await expect(token.outcome).rejects.toMatchObject({ kind: 'timeout' })
    expect(await test.submit('process.echo', 2)).toBe(2)
    expect(linesOf(file).length).toBeLessThanOrEqual(1)
  })

  it('end a wait that takes longer, without a run', async () => {
    await using test = await processScheduler({}, { options: { killGraceMs: 10 } })
    const [running, waiting] = [newFile(), newFile()]
    const spinning = test.submit('process.spin', running)
    await until('it runs', () => linesOf(running).length === 1)
    const token = test.submitWith({ queueTimeout: 20 }, 'process.mark', waiting, 'return')
    await expect(token.outcome).rejects.toMatchObject({ kind: 'timeout' })
    test.commandOn('kill', spinning)
    expect(await test.submit('process.echo', 1)).toBe(1)
    expect(linesOf(waiting)).toEqual([])
  })
})

describe('a kill of a token in a process', () => {
  it.each(['process.obey', 'process.listen'])('reaches %s, and the process stays', async (operation) => {
    await using test = await processScheduler({}, { options: { killGraceMs: 600_000 } })
    const file = newFile()
    const token = test.submit(operation, file)
    const pid = await processAtWork(test, file)
    test.commandOn('kill', token)
    await expect(token.outcome).rejects.toMatchObject({ kind: 'killed' })
    await until('it has stopped', () => linesOf(file)[1] === 'out')
    expect(await test.submit('process.echo', 1)).toBe(1)
    expect(processOf(test)).toBe(pid)
  })

  it('ends a process that does not look up, and not its thread', async () => {
    await using test = await processScheduler({}, { options: { killGraceMs: 10 } })
    const file = newFile()
    const token = test.submit('process.spin', file)
    const pid = await processAtWork(test, file)
    const next = test.submit('process.echo', 1)
    test.commandOn('kill', token)
    await expect(token.outcome).rejects.toMatchObject({ kind: 'killed' })
    expect(await next).toBe(1)
    await until('the process is gone', () => !isProcessAlive(pid))
    expect(test.stats.workers[0]?.restarts).toBe(0)
  })

  it('comes from its timeout too', async () => {
    await using test = await processScheduler({}, { options: { killGraceMs: 10 } })
    await test.submit('process.echo', 1)
    const token = test.submitWith({ timeout: 50 }, 'process.spin', newFile())
    await expect(token.outcome).rejects.toMatchObject({ kind: 'timeout' })
    expect(await test.submit('process.echo', 2)).toBe(2)
  })

  it('leaves no process behind when the scheduler stops', async () => {
    const test = await processScheduler()
    const file = newFile()
    const token = test.submit('process.spin', file)
    const pid = await processAtWork(test, file)
    await test.scheduler.stop({ mode: 'abort' })
    await expect(token.outcome).rejects.toMatchObject({ kind: 'killed' })
    await until('the process is gone', () => !isProcessAlive(pid))
  })
})
