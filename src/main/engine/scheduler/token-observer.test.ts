import { expect, test } from 'vitest'
import { TestScheduler } from './scheduler.fixture.ts'
import type { TokenEventKind, TokenListener } from './token-observer.ts'

interface Note {
  readonly kind: TokenEventKind
  readonly sequence: number
  readonly values: readonly unknown[]
  readonly result: unknown
}

class NoteTaker implements TokenListener {
  readonly notes: Note[] = []
  batches = 0

  tokensChanged(events: Parameters<TokenListener['tokensChanged']>[0]): void {
    this.batches += 1
    for (const { kind, sequence, values, result } of events) this.notes.push({ kind, sequence, values, result })
  }

  kindsOf(sequence: number): TokenEventKind[] {
    return this.notes.filter((note) => note.sequence === sequence).map((note) => note.kind)
  }
}

test('a listener hears each step of a token in order, with arguments and result', async () => {
  await using bench = await TestScheduler.create()
  const listener = new NoteTaker()
  bench.scheduler.observer.listen(listener)
  const handle = bench.submit('echo', 'hello')
  await handle
  await Promise.resolve()
  expect(listener.kindsOf(handle.sequence)).toEqual(['accepted', 'started', 'ended'])
  const ended = listener.notes.at(-1)
  expect(ended).toMatchObject({ values: ['hello'], result: 'hello' })
})

test('tokens submitted in one turn are told in batches', async () => {
  await using bench = await TestScheduler.create({ started: false })
  const listener = new NoteTaker()
  bench.scheduler.observer.listen(listener)
  for (let count = 0; count < 1000; count++) bench.submit('noop')
  await Promise.resolve()
  expect(listener.notes).toHaveLength(1000)
  expect(listener.batches).toBeLessThan(20)
})

test('whole arguments and results are told of tokens whose history keeps only a preview', async () => {
  await using bench = await TestScheduler.create()
  const listener = new NoteTaker()
  bench.scheduler.observer.listen(listener)
  const large = 'x'.repeat(100_000)
  const handle = bench.submit('echo', large)
  await handle
  await Promise.resolve()
  expect(listener.notes.find((note) => note.kind === 'ended')).toMatchObject({ values: [large], result: large })
})

test('the end of every token is told although a small history lets it go at once', async () => {
  await using bench = await TestScheduler.create({ options: { historyMax: 100 } })
  const listener = new NoteTaker()
  bench.scheduler.observer.listen(listener)
  const handles = Array.from({ length: 5000 }, (_, index) => bench.submit('echo', index))
  await Promise.all(handles)
  await Promise.resolve()
  const ended = listener.notes.filter((note) => note.kind === 'ended')
  expect(ended.map((note) => note.sequence).sort((a, b) => a - b)).toEqual(handles.map((handle) => handle.sequence))
  expect(ended.every((note) => note.result === note.sequence - 1)).toBe(true)
})

test('a listener that has left hears what happened before, and nothing after', async () => {
  await using bench = await TestScheduler.create({ started: false })
  const listener = new NoteTaker()
  const leave = bench.scheduler.observer.listen(listener)
  bench.submit('noop')
  leave()
  bench.submit('noop')
  await Promise.resolve()
  expect(listener.notes).toHaveLength(1)
})

test('kinds that nobody asked for are not told', async () => {
  await using bench = await TestScheduler.create()
  const listener = new NoteTaker()
  bench.scheduler.observer.listen(listener, ['ended'])
  const handle = bench.submit('echo', 'hello')
  await handle
  await Promise.resolve()
  expect(listener.kindsOf(handle.sequence)).toEqual(['ended'])
})
