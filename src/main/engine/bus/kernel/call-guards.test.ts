import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TupleValue } from '../../../../shared/model/bus.ts'
import { type CompressedText, compressContext } from './context-compressor.ts'
import { kernelPolicyFrom } from './kernel-policy.ts'
import { OriginalTexts } from './original-texts.ts'
import { cacheKey, ReceiptCache } from './receipt-cache.ts'
import { speculate } from './speculate.ts'

describe('the receipt cache', () => {
  const good =
    <T>(value: T) =>
    async () => ({ value, good: true })

  it('holds as many answers as it says, the longest unused goes, and age counts from the run', async () => {
    let now = 0
    const cache = new ReceiptCache<number>({ maxEntries: 2, ttlMs: 100, now: () => now })
    for (const [key, value] of [
      ['a', 1],
      ['b', 2],
    ] as const)
      await cache.answer(key, good(value))
    expect(await cache.answer('a', good(9))).toEqual({ value: 1, from: 'cache' })
    await cache.answer('c', good(3))
    expect(await cache.answer('b', good(9))).toEqual({ value: 9, from: 'run' })
    now = 101
    expect(await cache.answer('b', good(7))).toMatchObject({ from: 'run' })
    expect(cache.report()).toMatchObject({ entries: 2, hits: 1, shared: 0 })
  })

  it('runs equal calls at one time once, and the next of them when that was not good or threw', async () => {
    const cache = new ReceiptCache<string>({ maxEntries: 10, ttlMs: 100 })
    let calls = 0
    const run = async () => {
      calls += 1
      await Promise.resolve()
      if (calls === 1) throw new Error('first')
      return { value: `run ${calls}`, good: calls > 2 }
    }
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => cache.answer('k', run)))
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.value : 'threw'))).toEqual([
      'threw',
      'run 2',
      'run 3',
      'run 3',
      'run 3',
    ])
  })

  it('keeps nothing of a run that began before it was cleared', async () => {
    const cache = new ReceiptCache<number>({ maxEntries: 10, ttlMs: 100 })
    const answer = cache.answer('k', good(1))
    cache.clear()
    await answer
    expect(cache.report().entries).toBe(0)
  })

  it('has one key for what is equal, whatever the order of its fields', () => {
    const values = fc.dictionary(fc.string({ maxLength: 3 }), fc.oneof(fc.integer(), fc.string()), { maxKeys: 4 })
    fc.assert(
      fc.property(values, values, (one, other) => {
        const turned = Object.fromEntries(Object.entries(one).reverse())
        expect(cacheKey({ data: turned })).toBe(cacheKey({ data: one }))
        const same = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())
        expect(cacheKey({ data: one }) === cacheKey({ data: other })).toBe(same)
      }),
    )
  })
})

describe('context compression', () => {
  it.each([
    [6000, 20_000, 4520],
    [129, 1000, 64 + 20 + 33],
    [128, 500, 64 + 20 + 32],
  ])('at %i turns %i characters into a preview of %i', (limit, length, preview) => {
    const { value, originals } = compressContext<TupleValue>({ list: ['x'.repeat(length)] }, limit)
    const [made] = (value as { list: [CompressedText] }).list
    expect(made).toMatchObject({ compressed: true, encoding: 'sha256+head_tail', original_chars: length })
    expect([made.preview.length, made.digest]).toEqual([preview, hash('sha256', 'x'.repeat(length))])
    expect(originals.get(made.digest)).toBe('x'.repeat(length))
  })

  it('never makes a text longer, changes nothing twice, splits no character, and gives back every whole text', () => {
    const text = fc.string({ maxLength: 400, unit: 'binary' })
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ maxLength: 3 }), text),
        fc.integer({ min: 64, max: 200 }),
        (data, limit) => {
          const { value, originals } = compressContext<TupleValue>(data, limit)
          expect(JSON.stringify(value).length).toBeLessThanOrEqual(JSON.stringify(data).length)
          expect(compressContext(value, limit).value).toEqual(value)
          for (const [key, item] of Object.entries(value as Record<string, CompressedText | string>)) {
            if (typeof item === 'string') expect(item).toBe(data[key])
            else
              expect([originals.get(item.digest), item.preview.isWellFormed()]).toEqual([
                data[key],
                data[key]?.isWellFormed(),
              ])
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('holds whole texts as long as somebody needs them, and the newest for a while longer', () => {
    const texts = new OriginalTexts()
    const [big, small] = ['b'.repeat(17 * 2 ** 20), 'small']
    const letGo = texts.hold(
      new Map([
        ['big', big],
        ['small', small],
      ]),
    )
    const letSmallGo = texts.hold(new Map([['small', small]]))
    letGo()
    letGo()
    expect([texts.find('big'), texts.find('small')]).toEqual([null, small])
    letSmallGo()
    expect(texts.find('small')).toBe(small)
  })
})

describe('speculation', () => {
  const never = () => new Promise<string>(() => undefined)
  const fails = async (): Promise<string> => Promise.reject(new Error('first'))

  it('returns with the winner without waiting for the loser, which is told to stop', async () => {
    let stopped = false
    const slow = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        stopped = true
      })
      return never()
    }
    expect(await speculate([slow, async () => 'second'], { delayMs: 0 })).toEqual({ value: 'second', winner: 1 })
    expect(stopped).toBe(true)
  })

  it('begins the second only after the head start, or at once when the first fails', async () => {
    let begun = 0
    const second = async () => `second ${++begun}`
    expect(await speculate([async () => 'first', second], { delayMs: 60_000 })).toEqual({ value: 'first', winner: 0 })
    expect(begun).toBe(0)
    expect((await speculate([fails, second], { delayMs: 600_000 })).value).toBe('second 1')
  })

  it('ends as the first did when both fail, whichever fails last', async () => {
    const later = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      throw new Error('first, later')
    }
    await expect(speculate([later, async () => Promise.reject(new Error('second'))], { delayMs: 0 })).rejects.toThrow(
      'first',
    )
    const bad = await speculate([async () => 'bad', async () => 'worse'], { delayMs: 0, good: () => false })
    expect(bad).toEqual({ value: 'bad', winner: 0 })
  })
})

describe('the policy', () => {
  it('has the defaults of the original', () => {
    expect(kernelPolicyFrom({})).toMatchObject({ queueMax: 8192, compressionThreshold: 1024, cacheMaxEntries: 16_384 })
  })

  it.each([
    [{ YOOL_TUPLE_COMPRESSION_THRESHOLD: '0' }, { compressionThreshold: 0 }],
    [{ YOOL_COMPRESSION_THRESHOLD: ' 1_000 ' }, { compressionThreshold: 1000 }],
    [{ YOOL_TUPLE_QUEUE_MAXSIZE: 'x', YOOL_QUEUE_MAXSIZE: '5' }, { queueMax: 8192 }],
    [{ YOOL_API_MAX_RETRIES: '0' }, { retries: 0 }],
    [{ YOOL_TUPLE_API_MAX_RETRIES: 'x', YOOL_API_MAX_RETRIES: '0' }, { retries: 3 }],
    [{ YOOL_CACHE_TTL_S: '0.5' }, { cacheTtlMs: 500 }],
    [{ YOOL_CACHE_TTL_S: 'inf' }, { cacheTtlMs: Number.POSITIVE_INFINITY }],
    [{ YOOL_CACHE_TTL_S: 'nan' }, { cacheTtlMs: 3_600_000 }],
  ])('reads %j as %j', (environment, expected) => {
    expect(kernelPolicyFrom(environment)).toMatchObject(expected)
  })
})
