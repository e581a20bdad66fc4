import { appendFile, type FileHandle, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLoggedStore } from '../stores/logged-store.ts'
import { TupleSpace } from '../tuple-space.ts'
import { logParts } from './log-segments.ts'
import { replayLog } from './replay-log.ts'
import { TupleLog } from './tuple-log.ts'

async function temporary() {
  const folder = await mkdtemp(join(tmpdir(), 'guardhouse-log-'))
  return {
    folder,
    path: join(folder, 'deep', 'tuples.jsonl'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

async function openSpace(options: Parameters<typeof openLoggedStore>[0]) {
  const { store, replay } = await openLoggedStore(options)
  return { space: new TupleSpace({ store }), replay }
}

type HandleCall = 'appendFile' | 'datasync'

/** Puts something else in the place of a method of every open file; `make` gets the method and its file. */
async function insteadOfHandle(
  path: string,
  name: HandleCall,
  make: (original: (...values: unknown[]) => Promise<void>, file: FileHandle) => (...values: never[]) => Promise<void>,
): Promise<Disposable> {
  const file = await open(path, 'a')
  const methods = Object.getPrototypeOf(file) as Pick<FileHandle, HandleCall>
  await file.close()
  const original = methods[name]
  const put = (value: unknown) => Object.assign(methods, { [name]: value })
  put(function (this: FileHandle, ...values: never[]) {
    return make(original.bind(this) as never, this)(...values)
  })
  return { [Symbol.dispose]: () => void put(original) }
}

/** How often each was called meanwhile. */
async function countedCalls(path: string, names: readonly HandleCall[], work: () => Promise<void>) {
  using stack = new DisposableStack()
  const counts: Record<string, number> = {}
  for (const name of names) {
    counts[name] = 0
    const counted = await insteadOfHandle(path, name, (original) => (...values) => {
      counts[name] = (counts[name] ?? 0) + 1
      return original(...values)
    })
    stack.use(counted)
  }
  await work()
  return counts
}

describe('the tuple log', () => {
  it('has one line for each out and in, as the original writes them', async () => {
    await using at = await temporary()
    const { space } = await openSpace({ path: at.path })
    const id = await space.out({ lane: 'é', n: 1, x: 1e-5, created_at: '2026-05-19T17:30:00+00:00' })
    await space.rd({})
    await space.in({})
    await space.close()
    const [out = '', taken = '', end] = (await readFile(at.path, 'utf8')).split('\n')
    const tuple = `"tuple": {"lane": "é", "n": 1, "x": 1e-05, "created_at": "2026-05-19T17:30:00+00:00", "id": "${id}"}}`
    const time = /^\{"op": "(out|in)", "at": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00", /
    expect(out.replace(time, '$1 ')).toBe(`out ${tuple}`)
    expect(taken.replace(time, '$1 ')).toBe(`in ${tuple}`)
    expect(end).toBe('')
  })

  it('brings back what was left, in order, also what was lent', async () => {
    await using at = await temporary()
    const { space } = await openSpace({ path: at.path, fsync: 'batch' })
    await Promise.all([1, 2, 3, 4].map((n) => space.out({ lane: 'a', n, big: 12345678901234567890n })))
    await space.in({ n: 2 })
    await (await space.lend({ n: 1 }))?.acknowledge()
    await space.lend({ n: 3 })
    await space.close()
    const { space: again, replay } = await openSpace({ path: at.path })
    expect((await again.all()).map(({ n, big }) => [n, big])).toEqual([
      [3, 12345678901234567890n],
      [4, 12345678901234567890n],
    ])
    expect(replay).toMatchObject({ lines: 6, skipped: 0 })
    await again.close()
    const finished = await replayLog(at.path, ({ n }) => n === 3)
    expect(finished.tuples.map(({ n }) => n)).toEqual([4])
  })

  it('has of two tuples, of which one replaces the other, always just one, wherever a crash cuts it', async () => {
    await using at = await temporary()
    const { space } = await openSpace({ path: at.path })
    await space.out({ lane: 'a', n: 1 })
    const before = (await readFile(at.path)).length
    await (await space.lend({ lane: 'a' }))?.replace({ lane: 'b', n: 2 })
    await space.close()
    const whole = await readFile(at.path)
    const kept = new Set<unknown>()
    const cuts = Array.from({ length: 30 }, (_, n) => before + Math.ceil(((whole.length - before) * n) / 29))
    for (const length of cuts) {
      await writeFile(at.path, whole.subarray(0, length))
      const { tuples } = await replayLog(at.path)
      expect(tuples.length).toBe(1)
      kept.add(tuples[0]?.n)
    }
    expect(kept).toEqual(new Set([1, 2]))
  })

  it('rotates by size between two lines, packs, and reads all of it back', async () => {
    await using at = await temporary()
    const { space } = await openSpace({ path: at.path, maxBytes: 2000 })
    for (let n = 0; n < 60; n++) await space.out({ lane: 'a', n })
    for (let n = 0; n < 50; n++) await space.in({ lane: 'a' })
    await space.close()
    const names = await readdir(join(at.folder, 'deep'))
    expect(names.length).toBeGreaterThan(5)
    expect(names.every((name) => /^tuples(-\d{8}-\d{4}\.jsonl\.gz|\.jsonl)$/.test(name))).toBe(true)
    const { tuples, lines, skipped } = await replayLog(at.path)
    expect({ lines, skipped, left: tuples.map(({ n }) => n) }).toEqual({
      lines: 110,
      skipped: 0,
      left: [50, 51, 52, 53, 54, 55, 56, 57, 58, 59],
    })
  })

  it('rotates at the change of the UTC day, numbered on, and never when empty', async () => {
    await using at = await temporary()
    let now = Date.UTC(2026, 0, 1, 23, 59)
    const log = await TupleLog.open({ path: at.path, wallNow: () => now, pack: false })
    const { space } = await openSpace({ path: `${at.path}.other` })
    const line = () => log.append('out', { id: String(now), created_at: '' })
    now += 86_400_000
    await line()
    now += 86_400_000
    await line()
    await writeFile(join(at.folder, 'deep', 'tuples-20260103-0001.jsonl'), '')
    now += 86_400_000
    await line()
    await log.close()
    await space.close()
    expect((await logParts(at.path)).map((part) => part.slice(at.folder.length + 6))).toEqual([
      'tuples-20260102-0001.jsonl',
      'tuples-20260103-0001.jsonl',
      'tuples-20260103-0002.jsonl',
      'tuples.jsonl',
    ])
  })

  it('reports and skips a line cut in half, and writes on behind it', async () => {
    await using at = await temporary()
    const { space } = await openSpace({ path: at.path })
    await space.out({ n: 1 })
    await space.close()
    await appendFile(at.path, '{"op": "out", "at": "2026-05-19T17:30:00+00:00", "tuple": {"lane": "a", "n')
    const { space: second, replay } = await openSpace({ path: at.path })
    expect(replay).toMatchObject({ skipped: 1, problems: [{ file: at.path, line: 2 }] })
    await second.out({ n: 2 })
    await second.close()
    await appendFile(
      at.path,
      '[1]\n{"op": "eval", "tuple": {"id": "x"}}\n{"op": "out", "tuple": {"id": "x", "n": 1e999}}\n',
    )
    const last = await replayLog(at.path)
    expect(last.tuples.map(({ n }) => n)).toEqual([1, 2])
    expect(last.problems.map(({ line }) => line)).toEqual([2, 4, 5, 6])
  })

  it('that cannot be written refuses, and nothing is lost or kept by halves', async () => {
    await using at = await temporary()
    const log = await TupleLog.open({ path: at.path })
    const { MemoryStore } = await import('../stores/memory-store.ts')
    let broken = false
    const journal = {
      append: (operation: 'out' | 'in', tuple: never) =>
        broken ? Promise.reject(new Error('disk full')) : log.append(operation, tuple),
      close: () => log.close(),
    }
    const space = new TupleSpace({ store: new MemoryStore({ journal }) })
    await space.out({ n: 1 })
    broken = true
    await expect(space.out({ n: 2 })).rejects.toThrow('disk full')
    await expect(space.in({ n: 1 })).rejects.toThrow('disk full')
    broken = false
    expect((await space.all()).map(({ n }) => n)).toEqual([1])
    await space.close()
  })

  it('has what is answered on the disk, where that is asked for, and one write and sync for what came together', async () => {
    await using at = await temporary()
    for (const fsync of ['batch', 'none'] as const) {
      const { space } = await openSpace({ path: at.path, fsync })
      const calls = await countedCalls(at.path, ['datasync', 'appendFile'], async () => {
        await Promise.all([1, 2, 3].map((n) => space.out({ lane: 'a', n })))
      })
      expect(calls, fsync).toEqual({ datasync: fsync === 'batch' ? 1 : 0, appendFile: 1 })
      await space.close()
    }
  })

  it('writes everything through one handle', async () => {
    await using at = await temporary()
    const { space } = await openSpace({ path: at.path })
    const handles = new Set<FileHandle>()
    using _seen = await insteadOfHandle(at.path, 'appendFile', (append, file) => (...values) => {
      handles.add(file)
      return append(...values)
    })
    for (const n of [1, 2, 3]) await space.out({ n })
    await space.close()
    expect([handles.size, (await replayLog(at.path)).lines]).toEqual([1, 3])
  })

  it('keeps nothing of a batch of which the disk took a half', async () => {
    await using at = await temporary()
    const { space } = await openSpace({ path: at.path })
    await space.out({ n: 1 })
    using _full = await insteadOfHandle(at.path, 'appendFile', (append) => async (bytes: Buffer) => {
      await append(bytes.subarray(0, bytes.length / 2))
      throw new Error('the disk is full')
    })
    await expect(space.out({ n: 2 })).rejects.toThrow('the disk is full')
    _full[Symbol.dispose]()
    await space.out({ n: 3 })
    await space.close()
    const { tuples, skipped } = await replayLog(at.path)
    expect([tuples.map(({ n }) => n), skipped]).toEqual([[1, 3], 0])
  })

  it('cannot be opened where a folder is in its place, and says so', async () => {
    await using at = await temporary()
    await expect(TupleLog.open({ path: at.folder })).rejects.toMatchObject({ kind: 'not-allowed' })
  })
})
