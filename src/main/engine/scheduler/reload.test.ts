import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { OperationTags } from '../../../shared/model/operation.ts'
import { runnableOperations, TestScheduler } from './scheduler.fixture.ts'
import type { RunnableOperation } from './scheduler-types.ts'
import { until } from './until.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'guardhouse-reload-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The operation `versioned` as a file of a workspace: the same name with another URL for each version. */
function versioned(version: number, tags: OperationTags = {}, source?: string): RunnableOperation {
  const path = join(folder, `version-${version}.mjs`)
  const written = `import { taskTokenGuard } from 'guardhouse'
taskTokenGuard({ operationType: 'versioned' })(() => ${version})`
  writeFileSync(path, source ?? written)
  return { operationType: 'versioned', tags, moduleUrl: pathToFileURL(path).href }
}

async function withVersion(version: number, options: Readonly<Record<string, unknown>> = {}): Promise<TestScheduler> {
  return TestScheduler.create({ operations: [...runnableOperations(), versioned(version)], options })
}

function load(test: TestScheduler, ...operations: RunnableOperation[]): void {
  test.scheduler.setOperations([...runnableOperations(), ...operations])
}

describe('a reload', () => {
  it('keeps what waits, and runs it with the new code', async () => {
    await using test = await withVersion(1, { mailboxMax: 2 })
    expect(await test.submit('versioned')).toBe(1)
    const executing = test.submit('hold', 1)
    await test.arrival(1)
    // One in the mailbox, the others at the gate.
    const waiting = Array.from({ length: 5 }, () => test.submit('versioned'))
    await until('one is in the mailbox', () => waiting.some((token) => test.stateOf(token) === 'ADMITTED'))
    load(test, versioned(2))
    test.board.open(1)
    expect(await executing).toBe(1)
    expect(await Promise.all(waiting)).toEqual([2, 2, 2, 2, 2])
  })

  it('lets what runs finish with its old code', async () => {
    await using test = await withVersion(3)
    const executing = test.submit('rest', 1)
    await test.arrival(1)
    load(test, versioned(4))
    const next = test.submit('versioned')
    expect(test.stateOf(executing)).toBe('EXECUTING')
    test.board.open(1)
    expect(await executing).toBe(1)
    expect(await next).toBe(4)
    expect(test.stats.totals).toMatchObject({ FAILED: 0, KILLED: 0 })
  })

  it('many times in a row loses nothing', async () => {
    await using test = await withVersion(5)
    const tokens = Array.from({ length: 40 }, (_, number) => {
      if (number % 10 === 0) load(test, versioned(10 + number / 10))
      return test.submit('count', number)
    })
    await Promise.all(tokens)
    expect(test.board.firstRuns(40)).toEqual(Array.from({ length: 40 }, () => 1))
    expect(await test.submit('versioned')).toBe(13)
  })

  it('replaces the thread on the same cpu, and tells nobody that it was lost', async () => {
    await using test = await withVersion(6)
    await test.submit('noop')
    const before = await test.readyWorker(1, 0)
    const notices: string[] = []
    test.scheduler.onNotice((notice) => notices.push(notice.text))
    load(test, versioned(7))
    expect(await test.submit('versioned')).toBe(7)
    const after = await test.readyWorker(1, 0)
    expect(after.threadId).not.toBe(before.threadId)
    expect(after.confirmed).toEqual(before.confirmed)
    expect(notices).toEqual([])
  })
})

describe('an operation that is gone', () => {
  it('is refused by name to who submits it, and comes back with its counts', async () => {
    await using test = await withVersion(20)
    await test.submit('versioned')
    load(test)
    expect(() => test.submit('versioned')).toThrow(/"versioned" cannot be run: its module is gone/)
    load(test, versioned(21))
    expect(await test.submit('versioned')).toBe(21)
    const report = test.scheduler.reports.operations().find((each) => each.operation === 'versioned')
    expect(report?.counts.COMPLETED).toBe(2)
  })

  it('keeps its waiting tokens until it is back, and fails only those that a mailbox holds', async () => {
    await using test = await withVersion(22, { mailboxMax: 2 })
    const executing = test.submit('hold', 1)
    await test.arrival(1)
    const tokens = [test.submit('versioned'), test.submit('versioned'), test.submit('versioned')]
    const other = test.submit('count', 1)
    await until('one is in the mailbox', () => tokens.some((token) => test.stateOf(token) === 'ADMITTED'))
    const notices: string[] = []
    test.scheduler.onNotice((notice) => notices.push(notice.text))
    load(test)
    test.board.open(1)
    await executing
    const [placed, ...waiting] = tokens
    await expect(placed?.outcome).rejects.toMatchObject({ kind: 'module-failed' })
    expect(await other).toBe(1)
    expect(waiting.map((token) => test.stateOf(token))).toEqual(['WAITING', 'WAITING'])
    load(test, versioned(23))
    expect(await Promise.all(waiting)).toEqual([23, 23])
    expect(notices).toEqual([])
  })
})

describe('a module', () => {
  it('that does not load fails its tokens with its error, and the others run', async () => {
    await using test = await TestScheduler.create({
      operations: [...runnableOperations(), versioned(30, {}, 'throw new Error("not today")')],
    })
    for (let time = 0; time < 2; time++) {
      await expect(test.submit('versioned').outcome).rejects.toMatchObject({
        kind: 'module-failed',
        message: expect.stringContaining('not today'),
      })
    }
    expect(await test.submit('echo', 1)).toBe(1)
    expect(test.worker(1, 0)?.restarts).toBe(0)
  })

  it('that declares something else says so', async () => {
    await using test = await TestScheduler.create({ operations: [versioned(31, {}, 'export const nothing = 1')] })
    await expect(test.submit('versioned').outcome).rejects.toMatchObject({
      kind: 'module-failed',
      message: expect.stringContaining('declares no operation versioned'),
    })
  })

  it('that never finishes loading can be killed', async () => {
    await using test = await TestScheduler.create({
      operations: [...runnableOperations(), versioned(32, {}, 'await new Promise(() => {})')],
      options: { killGraceMs: 20 },
    })
    const token = test.submit('versioned')
    await until('its thread is at it', () => test.worker(1, 0)?.running != null)
    test.commandOn('kill', token)
    expect(await test.submit('echo', 'after')).toBe('after')
  })
})

describe('a weight that changes', () => {
  it('holds for tokens accepted from then on, also when their operation was paused meanwhile', async () => {
    const operations = (weight: 'heavy' | 'medium') => [...runnableOperations(), versioned(40, { weight })]
    await using test = await TestScheduler.create({
      cores: 2,
      operations: operations('medium'),
      options: { stealing: false },
    })
    test.command('pause', { kind: 'operation', operation: 'versioned' })
    const before = test.submit('versioned')
    test.scheduler.setOperations(operations('heavy'))
    const after = test.submit('versioned')
    test.command('resume', { kind: 'operation', operation: 'versioned' })
    await Promise.all([before, after])
    expect(test.detailOf(before)).toMatchObject({ weight: 'medium', core: 2 })
    expect(test.detailOf(after)).toMatchObject({ weight: 'heavy', core: 1 })
  })
})
